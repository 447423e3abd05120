/** Words of the map page for deposits and plants. */
import type { Behind, Deposit, Facility } from '../lib/answers';
import { stageName } from '../lib/colour';
import { number, unitOf, words } from '../lib/format';

/** States in which a site produces. */
export const OPERATING = new Set([
  'operating',
  'producing',
  'active',
  'commissioning',
  'ramp_up',
  'production',
]);

/** A plant's capacity with its unit. */
export function capacityText(facility: Facility): string {
  if (facility.capacity == null) return 'capacity not known';
  return `${number(facility.capacity)} ${words(facility.capacity_unit).replace('t reo', 't REO').replace('per year', 'a year')}`;
}

const LEFT_OUT = new Set([
  'deposit',
  'facility',
  'name',
  'place',
  'place_name',
  'lat',
  'lon',
  'position',
  'stage',
  'status',
  'level',
  'confidence',
  'sources',
  'source',
  'vintage',
  'note',
  'capacity_unit',
  'line',
  'feed',
  'cost_scope',
]);

/** What is known of a site, as labelled facts. */
export function scattered(row: Deposit | Facility): { label: string; text: string; number: boolean }[] {
  return Object.entries(row)
    .filter(
      ([key, value]) =>
        !LEFT_OUT.has(key) && value != null && value !== '' && !(Array.isArray(value) && !value.length),
    )
    .map(([key, value]) => {
      const { label, unit } = unitOf(key);
      if (key === 'capacity') return { label, text: capacityText(row as Facility), number: true };
      if (typeof value === 'number') {
        const text = /year/.test(key) && value > 1900 ? String(value) : number(value);
        return { label, text: `${text} ${key === 'output_2024' ? 't' : unit}`.trim(), number: true };
      }
      return {
        label,
        text: Array.isArray(value) ? value.join(', ') : String(value).replaceAll(';', ', '),
        number: false,
      };
    });
}

/** A deposit or a plant, as the map and the lists show it. */
export interface Place {
  id: string;
  name: string;
  stage: string;
  place: string;
  place_name: string;
  status: string;
  lat: number | null;
  lon: number | null;
  row: Deposit | Facility;
  /** Radius of the mark: its area grows with the tonnes a year. */
  size: number;
  text: string;
  /** What stands behind the coordinates, and how close they are. */
  position: (Behind & { precision?: string }) | null;
}

const radius = (tonnes: number | null) => 3 + 2.2 * Math.sqrt(Math.min(tonnes ?? 0, 80_000) / 8000);

/** All sites. A mine that is also in the deposits is one site: the mine, standing where the deposit lies. */
export function sitesOf(deposits: Deposit[], facilities: Facility[]): Place[] {
  const plants = facilities.filter((one) => one.level !== 'country_rest');
  const worked = new Set(plants.map((one) => one.facility));
  return [
    ...deposits
      .filter((one) => !worked.has(one.deposit))
      .map((one) => ({
        ...common(one),
        id: `deposit:${one.deposit}`,
        stage: 'mine',
        lat: one.lat,
        lon: one.lon,
        position: one.lat == null ? null : one,
        size: radius(one.planned_t_reo_per_year),
        text: `${one.name}, ${one.place_name}: deposit, ${one.status}`,
      })),
    ...plants.map((one) => ({
      ...common(one),
      id: `plant:${one.facility}`,
      stage: one.stage,
      lat: one.lat,
      lon: one.lon,
      position: one.lat == null ? null : (one.position ?? one),
      size: radius(one.capacity),
      text: `${one.name}, ${one.place_name}: ${stageName(one.stage).toLowerCase()}, ${words(one.status)}, ${capacityText(one)}${one.position?.precision === 'town' ? '; drawn at its town' : ''}`,
    })),
  ];
}

const common = (row: Deposit | Facility) => ({
  name: row.name,
  place: row.place,
  place_name: row.place_name,
  status: row.status,
  row,
});

/** `52.1° N, 106.7° W`, as exact as it is known. */
export function coordinates(site: Place): string {
  const digits = site.position?.precision === 'town' ? 1 : 2;
  const part = (value: number, positive: string, negative: string) =>
    `${Math.abs(value).toFixed(digits)}° ${value < 0 ? negative : positive}`;
  return site.lat == null || site.lon == null
    ? '–'
    : `${part(site.lat, 'N', 'S')}, ${part(site.lon, 'E', 'W')}`;
}

/** One sentence on what the arrows are. */
export function flowWords(kind: string, unit: string, basis: string, year: string): string {
  if (basis === 'customs')
    return `What customs recorded in ${year} under this heading: gross weight, and value in USD.`;
  const what: Record<string, string> = {
    magnet: 'tonnes of finished magnets',
    metal: 'tonnes of metal',
    oxide: 'tonnes of separated oxide',
  };
  return `What moved between countries in ${year}, in ${what[kind] ?? `tonnes of rare-earth oxide contained (${unit})`}: evidence fitted to one mass balance, not customs records.`;
}
