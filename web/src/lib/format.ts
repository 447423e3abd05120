/** Numbers for people: three significant digits, thousands separators, units beside them. */

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/**
 * Three significant digits, and no more than the value itself has: 1,234.5 → 1,230; 12.345 → 12.3; 20 → 20;
 * 0.01234 → 0.0123.
 */
export function number(value: number | null | undefined, digits = 3): string {
  if (value == null || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  if (Math.abs(value) < 1e-6) return '≈0';
  const rounded = Number(value.toPrecision(digits));
  if (Math.abs(rounded) >= 10 ** (digits - 1)) return whole(rounded);
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  // A value that is exact with fewer digits gets no zeros that nobody measured.
  const text = rounded === value ? String(rounded) : rounded.toFixed(Math.min(8, decimals));
  return (/e/.test(text) ? rounded.toFixed(8).replace(/0+$/, '') : text).replace('-', '−');
}

const whole = (value: number): string => WHOLE.format(value + 0).replace('-', '−');

/** An exact whole number, such as a count; never a zero with a sign. */
export const count = (value: number): string => whole(Math.round(value) || 0);

/** A share of 1 as per cent: whole from 10 %, two digits below, one of the smallest. */
export function percent(share: number | null | undefined): string {
  if (share == null || !Number.isFinite(share)) return '–';
  const value = share * 100;
  const size = Math.abs(value);
  const text =
    size === 0
      ? '0'
      : size >= 1000
        ? number(value)
        : size >= 9.95
          ? count(value)
          : size >= 0.095
            ? number(value, 2)
            : number(value, 1);
  return `${text.replace('-', '−')} %`;
}

/** Tonnes; large ones in kilotonnes. */
export function tonnes(value: number | null | undefined): string {
  if (value == null) return '–';
  return Math.abs(value) >= 100_000 ? `${number(value / 1000)} kt` : `${number(value)} t`;
}

/** Money given in thousands of USD. */
export function thousandUsd(value: number | null | undefined): string {
  if (value == null) return '–';
  const size = Math.abs(value);
  if (size >= 999_500) return `${number(value / 1e6)} bn USD`;
  if (size >= 999.5) return `${number(value / 1e3)} M USD`;
  if (size > 0 && size < 0.9995) return `${number(value * 1000)} USD`;
  return `${number(value)} k USD`;
}

/** Money given in millions of USD. */
export const millionUsd = (value: number | null | undefined): string =>
  thousandUsd(value == null ? null : value * 1000);

const UNITS: [RegExp, string][] = [
  [/_t_reo_per_year$/, 't REO a year'],
  [/_usd_per_kg$/, 'USD/kg'],
  [/_t_reo$/, 't REO'],
  [/_thousand_usd$|_kusd$/, 'thousand USD'],
  [/_musd$|_m$/, 'M USD'],
  [/_pct(_of_treo)?$/, '%'],
  [/_per_kg$/, 'USD/kg'],
  [/_mt$/, 'Mt'],
  [/_t_per_year$/, 't a year'],
  [/_t$/, 't'],
  [/_kg$/, 'kg'],
  [/^g_per_piece$/, 'g'],
  [/_usd_per_piece$/, 'USD a piece'],
  [/_usd$/, 'USD'],
  [/^usd$/, 'USD'],
  [/^g$/, 'g'],
];

/** Keys that are a unit alone. */
const WHAT: Record<string, string> = { g: 'mass', usd: 'worth', g_per_piece: 'mass of a piece' };

/** The unit that a key of a row carries, and the words before it. */
export function unitOf(key: string): { label: string; unit: string } {
  for (const [ending, unit] of UNITS) {
    if (ending.test(key)) return { label: WHAT[key] ?? words(key.replace(ending, '') || key), unit };
  }
  return { label: words(key), unit: '' };
}

/** With a capital letter, for headings. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `end_use` → `end use`; a dash for what is not known. */
export const words = (key: string | null | undefined): string => key?.replaceAll('_', ' ').trim() || '–';

/** `2025Q3` → a number on a time axis (2025.5). */
export function quarterAt(quarter: string): number {
  const found = /^(\d{4})-?Q(\d)$/.exec(quarter);
  return found ? Number(found[1]) + (Number(found[2]) - 1) / 4 : NaN;
}

/** A time in words: 40 s, 3 min 20 s, 1 h 5 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A list in words: `a, b and c`. */
export function list(items: string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Source ids of a row: an array, or text joined by `;`. */
export function ids(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string'
    ? value
        .split(';')
        .map((id) => id.trim())
        .filter(Boolean)
    : [];
}
