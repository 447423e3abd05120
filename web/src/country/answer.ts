/** Parts of the page of a country; field names are those of the API. */
import type { Behind } from '../lib/answers';

/** Part of the world's use of an end use. */
export interface Used extends Behind {
  year: number;
  end_use: string;
  share: number;
  basis: string;
}

/** Units built or sold in a year, counted or expected. */
export interface Built extends Behind {
  technology: string;
  scenario: string;
  year: number;
  value: number;
  unit: string;
}

/** A governance indicator. */
export interface Governed extends Behind {
  year: number;
  indicator: string;
  estimate: number | null;
  std_error: number | null;
}

/** Net import reliance; `missing` says why there is none. */
export interface Reliance extends Behind {
  material: string;
  stage: string | null;
  year: number;
  value: number | null;
  missing?: string | null;
}
