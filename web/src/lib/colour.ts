/**
 * Colours that stay apart for colour-blind readers (Okabe and Ito's set for places, a viridis-like run for
 * stages). Values are custom properties of the style sheet, so that each theme has its own.
 */
const PLACES = ['CHN', 'USA', 'AUS', 'MMR', 'MYS', 'JPN', 'VNM', 'DEU'] as const;

/** The colour of a place: eight have their own, the others share grey. */
export function placeColour(place: string): string {
  return (PLACES as readonly string[]).includes(place)
    ? `var(--place-${place.toLowerCase()})`
    : 'var(--place-other)';
}

export const STAGE_NAMES: Record<string, string> = {
  mine: 'Mining',
  crack: 'Cracking',
  cracking: 'Cracking',
  concentrate: 'Concentrate',
  separation: 'Separation',
  separation_light: 'Light separation',
  separation_heavy: 'Heavy separation',
  oxide: 'Oxide',
  metal: 'Metal',
  magnet: 'Magnets',
  use: 'Use',
  recycling: 'Recycling',
  unsold: 'Unsold',
  scandium: 'Scandium',
};
export const stageName = (stage: string): string => STAGE_NAMES[stage] ?? stage.replaceAll('_', ' ');

/** The colour of a stage, from ore (dark) to use (light). */
export function stageColour(stage: string): string {
  const known = ['mine', 'crack', 'separation', 'metal', 'magnet', 'recycling', 'scandium'];
  const name = stage.startsWith('separation') ? 'separation' : stage.startsWith('crack') ? 'crack' : stage;
  return known.includes(name) ? `var(--stage-${name})` : 'var(--place-other)';
}
