/** What a plan answers; money in M USD, discounted to the first year. */
import type { Envelope } from '../lib/api';

export interface Measure {
  measure: string;
  name?: string;
  place?: string;
  stage?: string;
  start: number;
  first: number;
  cost_musd: number | null;
  left_out_musd?: number | null;
  shapley_musd?: number | null;
}
export interface Frontier {
  budget_musd: number;
  cost_musd?: number | null;
  mean_musd: number | null;
  tail_musd: number | null;
}
export type PlanAnswer = Envelope<{
  measures?: Measure[];
  frontier?: Frontier[];
  partners?: { place: string; left_out_musd: number | null; shapley_musd?: number | null }[];
}>;
