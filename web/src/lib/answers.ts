/** Shapes of answers that more than one page reads; field names are those of the API. */
import type { Confidence } from './api';

export interface Behind {
  confidence: Confidence | null;
  sources: string[];
  vintage?: string | null;
  note?: string | null;
}

/** Who makes how much at a stage: every place whose share is known, the largest first. */
export interface StageRow {
  material: string;
  stage: string;
  year: number;
  total: number | null;
  unit: string | null;
  /** Concentration, 0 to 1. */
  hhi: number | null;
  holders: ({
    holder: string;
    name: string;
    share: number;
    low: number;
    high: number;
    quantity: number;
  } & Behind)[];
  unknown_share: number | null;
  basis: string | null;
  remarks: string[];
  missing: string | null;
}

/** The largest holder of a stage, with the second. */
export interface Holder extends Behind {
  material: string;
  stage: string;
  year: number;
  holder: string | null;
  holder_name: string | null;
  share: number | null;
  low: number | null;
  high: number | null;
  second: string | null;
  second_share: number | null;
  hhi: number | null;
  unit: string | null;
  quantity: number | null;
  missing: string | null;
}

/** The largest holder of each stage. */
export function largest(stages: StageRow[]): Holder[] {
  return stages.map((row) => {
    const [first, second] = row.holders;
    return {
      material: row.material,
      stage: row.stage,
      year: row.year,
      holder: first?.holder ?? null,
      holder_name: first?.name ?? null,
      share: first?.share ?? null,
      low: first?.low ?? null,
      high: first?.high ?? null,
      second: second?.holder ?? null,
      second_share: second?.share ?? null,
      hhi: row.hhi,
      unit: row.unit,
      quantity: first?.quantity ?? null,
      missing: row.missing,
      confidence: first?.confidence ?? null,
      sources: first?.sources ?? [],
      note: [row.basis, ...row.remarks].filter(Boolean).join(' '),
    };
  });
}

export interface Restriction extends Behind {
  event: string;
  title: string;
  start: string;
  end: string | null;
  status: string;
  actors: string[];
  instrument: string;
  stages: string[];
  elements: string[];
  scenarios?: string[];
  in_force?: boolean;
  suspended?: boolean;
}

export interface Deposit extends Behind {
  deposit: string;
  name: string;
  place: string;
  place_name: string;
  lat: number | null;
  lon: number | null;
  deposit_type: string;
  ore_mineral: string;
  resource_mt: number | null;
  grade_treo_pct: number | null;
  status: string;
  owner: string;
  planned_t_reo_per_year: number | null;
  start_year: number | null;
  capex_musd: number | null;
}

export interface Facility extends Behind {
  facility: string;
  name: string;
  operator: string;
  place: string;
  place_name: string;
  lat: number | null;
  lon: number | null;
  stage: string;
  elements: string | string[];
  capacity: number | null;
  capacity_unit: string;
  output_2024: number | null;
  start: string | null;
  end: string | null;
  status: string;
  level: string;
  /** Where the coordinates come from when not from the row itself. */
  position?: Behind & { precision: 'site' | 'town' };
}

export interface TradeFlow {
  origin: string;
  destination: string;
  quantity: number | null;
  value_kusd: number | null;
  confidence: Confidence | null;
  sources: string[];
}

export interface Flows {
  product: string;
  year: number;
  years: number[];
  unit: string;
  basis: string;
  flows: TradeFlow[];
  places: { id: string; name: string; lat?: number | null; lon?: number | null }[];
}

export interface Adjustment {
  what: string;
  stage: string | null;
  place: string | null;
  name?: string;
  evidence: number | null;
  reconciled: number | null;
  unit: string;
  change_share: number | null;
  standard_deviations: number | null;
  confidence: Confidence | null;
  sources: string[] | string;
}

/** Sources that do not agree. */
export interface Conflict {
  table?: string;
  what: string;
  place: string | null;
  name?: string;
  year: number | null;
  unit: string;
  low: number;
  high: number;
  values: ({ value: number; of: string; preferred: boolean | null } & Behind)[];
}
