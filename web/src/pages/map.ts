/** Words of the map page for deposits and plants. */
import type { Deposit, Facility } from '../lib/answers';
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
