/** What the page of an element knows besides its stages and prices; field names are those of the API. */
import type { Behind } from '../lib/answers';

/** What a fleet of the world needs in a year. */
export interface Need extends Behind {
  fleet: string;
  outlook: string;
  year: number;
  low_t: number;
  need_t: number;
  high_t: number;
  basis: string;
}

/** What a deposit holds of the element. */
export interface Held extends Behind {
  deposit: string;
  name: string;
  place: string;
  place_name: string;
  status: string | null;
  element_t_reo: number;
  treo_t: number;
  composition: string;
  stands_in: boolean;
}

/** Reserves of all rare earths together. */
export interface Reserves extends Behind {
  place: string;
  place_name: string;
  edition_year: number;
  value_t_reo: number;
}
