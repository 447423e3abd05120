/** What a finished run answers, central or with bands, in one shape for charts. */
import type { Series } from '../charts/BandChart.svelte';
import type { Envelope } from '../lib/api';
import { quarterAt } from '../lib/format';

export interface PriceRow {
  product: string;
  zone: string;
  quarter: string;
  spot_usd_per_kg: number;
  average_usd_per_kg: number;
  base_usd_per_kg: number;
  confidence: string | null;
}
export interface BandRow {
  product: string;
  zone: string;
  quarter: string;
  base_usd_per_kg: number;
  best_usd_per_kg: number | null;
  p5_usd_per_kg: number;
  median_usd_per_kg: number;
  p95_usd_per_kg: number;
  confidence?: string | null;
}
export interface Shortage {
  product: string;
  place: string;
  from?: string;
  until?: string | null;
  quarter?: string;
  deepest_share?: number;
  deepest_quarter?: string;
  lasting?: boolean;
  short_tonnes?: number;
  peak_usd_per_kg?: number;
  peak_multiple?: number;
  loss_thousand_usd?: number;
  probability?: number;
  mean_shortfall?: number;
  largest_shortfall?: number;
  confidence?: string | null;
}
export interface LossRow {
  place: string;
  loss_thousand_usd?: number;
  share?: number;
  best_kusd?: number;
  p5_kusd?: number;
  median_kusd?: number;
  p95_kusd?: number;
}
export interface ScenarioEvent {
  event: string;
  kind: string;
  from: string;
  until: string | null;
  title: string;
  strength?: string;
  evidence: string;
  note?: string;
}
export interface RunData {
  scenario: string;
  title: string;
  view: string;
  base_year: number;
  money: string;
  values?: string;
  paths?: number;
  seed?: number;
  dataset_sha256: string;
  users_loss_thousand_usd?: number;
  shortages: Shortage[];
  price_path?: PriceRow[];
  bands?: BandRow[];
  losses: LossRow[];
  events?: ScenarioEvent[];
  warnings?: string[];
}
export type RunAnswer = Envelope<RunData>;

/** Products whose price moves in the run, the largest move first. */
export function moved(data: RunData): { product: string; most: number }[] {
  const most = new Map<string, number>();
  const see = (product: string, multiple: number) => {
    if (Number.isFinite(multiple)) most.set(product, Math.max(most.get(product) ?? 0, multiple));
  };
  for (const row of data.price_path ?? []) see(row.product, row.spot_usd_per_kg / row.base_usd_per_kg);
  for (const row of data.bands ?? []) see(row.product, row.median_usd_per_kg / row.base_usd_per_kg);
  return [...most].map(([product, value]) => ({ product, most: value })).sort((a, b) => b.most - a.most);
}

const COLOUR: Record<string, string> = { inside: 'var(--place-usa)', outside: 'var(--place-chn)' };

/** The price lines of a product: inside and outside the exporter that restricts, with a band where there is one. */
export function priceSeries(data: RunData, product: string, label: string, other = false): Series[] {
  const central = (data.price_path ?? []).filter(
    (row) => row.product === product && Number.isFinite(quarterAt(row.quarter)),
  );
  const bands = (data.bands ?? []).filter(
    (row) => row.product === product && Number.isFinite(quarterAt(row.quarter)),
  );
  const zones = [...new Set([...central, ...bands].map((row) => row.zone))];
  return zones.map((zone) => ({
    name: `${zone} China${label}`,
    colour: other
      ? zone === 'inside'
        ? 'var(--place-mys)'
        : 'var(--place-jpn)'
      : (COLOUR[zone] ?? 'var(--place-other)'),
    dashed: other,
    unverified: central.some((row) => row.zone === zone && row.confidence === 'C'),
    points: bands.length
      ? bands
          .filter((row) => row.zone === zone)
          .map((row) => ({
            x: quarterAt(row.quarter),
            y: row.median_usd_per_kg,
            low: row.p5_usd_per_kg,
            high: row.p95_usd_per_kg,
          }))
      : central
          .filter((row) => row.zone === zone)
          .map((row) => ({ x: quarterAt(row.quarter), y: row.spot_usd_per_kg })),
  }));
}

/** The loss of users in a place, central or median with a 90 % band, in thousand USD. */
export const lossOf = (row: LossRow) => row.loss_thousand_usd ?? row.median_kusd ?? 0;
export const places = (data: RunData) => data.losses.filter((row) => row.place !== 'all' && lossOf(row) > 0);
export function totalLoss(data: RunData): LossRow {
  return (
    data.losses.find((row) => row.place === 'all') ?? {
      place: 'all',
      loss_thousand_usd: data.users_loss_thousand_usd ?? 0,
    }
  );
}
