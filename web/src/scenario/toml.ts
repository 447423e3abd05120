/** A scenario built with sliders and dates, written as the TOML file that the command line reads. */

export interface Draft {
  name: string;
  kind: string;
  products: string[];
  elements: string[];
  stages: string[];
  origin: string;
  destination: string;
  uses: string[];
  from: string;
  until: string;
  /** How hard, in per cent: what passes, what is left, the rate, or the demand. */
  strength: number;
  start: string;
  quarters: number;
}

export interface Kind {
  id: string;
  label: string;
  /** Which choices it has. */
  on: 'flows' | 'plants' | 'users';
  strength: { label: string; from: number; to: number; step: number } | null;
}

export const KINDS: Kind[] = [
  {
    id: 'licence',
    label: 'Export licences: only a share passes',
    on: 'flows',
    strength: { label: 'passes, % of the base year', from: 0, to: 100, step: 1 },
  },
  { id: 'ban', label: 'Ban: nothing passes', on: 'flows', strength: null },
  {
    id: 'tariff',
    label: 'Tariff on arrival',
    on: 'flows',
    strength: { label: 'rate, %', from: 1, to: 200, step: 1 },
  },
  {
    id: 'export_tax',
    label: 'Tax on leaving',
    on: 'flows',
    strength: { label: 'rate, %', from: 1, to: 200, step: 1 },
  },
  {
    id: 'outage',
    label: 'Outage of plants or mines',
    on: 'plants',
    strength: { label: 'capacity left, %', from: 0, to: 99, step: 1 },
  },
  {
    id: 'demand',
    label: 'Demand changes',
    on: 'users',
    strength: { label: 'demand, % of before', from: 20, to: 300, step: 5 },
  },
];

export const PRODUCTS = ['concentrate', 'carbonate', 'heavy_concentrate', 'oxide', 'metal', 'magnet'];
/** Stages at which a plant can fail. */
export const PLANT_STAGES = ['mine', 'cracking', 'separation_light', 'separation_heavy', 'metal', 'magnet'];

const text = (value: string) => JSON.stringify(value);
const texts = (values: string[]) => `[${values.map(text).join(', ')}]`;

/** The quarter of a date: `2026-05-01` → `2026-Q2`. */
export function quarterOf(date: string): string {
  const [year, month] = date.split('-').map(Number);
  return `${year}-Q${Math.floor(((month ?? 1) - 1) / 3) + 1}`;
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'my-scenario';

/** The file. A share is of the base year's flow; rates and factors are fractions of 1. */
export function toToml(draft: Draft, title: string): string {
  const kind = KINDS.find((one) => one.id === draft.kind) ?? KINDS[0]!;
  const lines = [
    `name = ${text(slug(draft.name))}`,
    `title = ${text(title)}`,
    'base_year = 2024',
    `start = ${text(draft.start)}`,
    `quarters = ${draft.quarters}`,
    '',
    '[[event]]',
    'id = "event-1"',
    `kind = ${text(kind.id)}`,
    `title = ${text(title)}`,
    'evidence = ["assumption"]    # replace it by ids of evidence where there is some',
    `from = ${text(draft.from)}`,
  ];
  if (draft.until) lines.push(`until = ${text(draft.until)}`);
  if (kind.on === 'flows') {
    lines.push(`products = ${texts(draft.products)}`);
    const refined = draft.products.some((one) => ['oxide', 'metal', 'magnet'].includes(one));
    if (draft.elements.length && refined) lines.push(`elements = ${texts(draft.elements)}`);
    lines.push(`origin = ${texts([draft.origin])}`, `destination = ${texts([draft.destination])}`);
  } else if (kind.on === 'plants') {
    lines.push(`places = ${texts([draft.origin])}`, `stages = ${texts(draft.stages)}`);
  } else {
    if (draft.uses.length) lines.push(`end_uses = ${texts(draft.uses)}`);
    lines.push(`places = ${texts([draft.destination])}`);
  }
  const share = Math.round(draft.strength * 10) / 1000;
  const key = {
    licence: 'approved_share',
    tariff: 'rate',
    export_tax: 'rate',
    outage: 'available_share',
    demand: 'factor',
  }[kind.id];
  if (key) lines.push(`${key} = ${Number.isInteger(share) ? `${share}.0` : share}`);
  return `${lines.join('\n')}\n`;
}

/** A title in words. */
export function titleOf(draft: Draft, place: (id: string) => string): string {
  const what = [
    draft.elements.length && draft.elements.length < 8 ? draft.elements.join(', ') : '',
    draft.products.join(', '),
  ]
    .filter(Boolean)
    .join(' ');
  const to = draft.destination === '*' ? 'everyone' : place(draft.destination);
  const from = draft.origin === '*' ? 'everyone' : place(draft.origin);
  switch (draft.kind) {
    case 'licence':
      return `${draft.strength} % of ${what} passes from ${from} to ${to}`;
    case 'ban':
      return `No ${what} from ${from} to ${to}`;
    case 'tariff':
    case 'export_tax':
      return `${draft.strength} % ${draft.kind === 'tariff' ? 'tariff' : 'export tax'} on ${what} from ${from} to ${to}`;
    case 'outage':
      return `${draft.strength} % of capacity left in ${from}: ${draft.stages.join(', ').replaceAll('_', ' ')}`;
    default:
      return `Demand at ${draft.strength} % of before in ${to}`;
  }
}
