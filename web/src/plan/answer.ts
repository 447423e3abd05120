/** What a plan answers; money in M USD, discounted to the first year. */
import type { Envelope } from '../lib/api';

export interface Measure {
  measure: string;
  title?: string;
  place?: string;
  start: number;
  first_output: number;
  cost_musd: number | null;
  cost_low_musd?: number | null;
  cost_high_musd?: number | null;
  used_undisturbed?: number | null;
  used_disturbed?: number | null;
  left_out_musd?: number | null;
  shapley_musd?: number | null;
  confidence?: string | null;
}
export interface Frontier {
  /** Weight of the worst outcomes beside the mean. */
  weight: number;
  budget_musd: number;
  cost_musd?: number | null;
  mean_musd: number | null;
  tail_musd: number | null;
}
export interface Partner {
  place: string;
  measures?: number | null;
  cost_musd?: number | null;
  worth_musd?: number | null;
}
export type PlanAnswer = Envelope<{
  plan?: Measure[];
  frontier?: Frontier[];
  partners?: Partner[];
}>;
