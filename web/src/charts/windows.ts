/** Parts of the world map that can be looked at closely; a ratio of 2 to 1 in the units of the drawing. */
export const WINDOWS: Record<string, { label: string; x: number; y: number; width: number; height: number }> =
  {
    world: { label: 'World', x: 0, y: 0, width: 1000, height: 500 },
    'east-asia': { label: 'East and South-East Asia', x: 640, y: 70, width: 320, height: 160 },
    europe: { label: 'Europe', x: 400, y: 20, width: 240, height: 120 },
    'north-america': { label: 'North America', x: 90, y: 20, width: 360, height: 180 },
    'south-america': { label: 'South America', x: 150, y: 230, width: 420, height: 210 },
    africa: { label: 'Africa and the Near East', x: 380, y: 110, width: 420, height: 210 },
    australia: { label: 'Australia and Oceania', x: 660, y: 250, width: 320, height: 160 },
  };
