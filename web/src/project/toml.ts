/** A project of one's own, from sliders, as the TOML file that `monazite project value` reads. */

export interface Own {
  name: string;
  place: string;
  distribution: string;
  /** Ore treated in a full year, tonnes. */
  ore: number;
  /** Grade, % TREO. */
  grade: number;
  /** Recovery of all steps together, %. */
  recovery: number;
  /** Capital cost, million USD. */
  capex: number;
  /** Running cost, USD per kg sold. */
  opex: number;
  /** Tax on profit, %. */
  tax: number;
  /** Royalty on revenue, %. */
  royalty: number;
  /** Discount rate, % a year. */
  rate: number;
  life: number;
}

export interface Slider {
  key: keyof Own;
  label: string;
  unit: string;
  from: number;
  to: number;
  step: number;
}

export const SLIDERS: Slider[] = [
  { key: 'grade', label: 'Grade', unit: '% TREO', from: 0.05, to: 12, step: 0.05 },
  { key: 'recovery', label: 'Recovery, ore to product', unit: '%', from: 20, to: 95, step: 1 },
  { key: 'ore', label: 'Ore a year', unit: 't', from: 50_000, to: 5_000_000, step: 50_000 },
  { key: 'capex', label: 'Capital cost', unit: 'M USD', from: 50, to: 3000, step: 10 },
  { key: 'opex', label: 'Running cost', unit: 'USD/kg', from: 2, to: 80, step: 0.5 },
  { key: 'tax', label: 'Tax on profit', unit: '%', from: 0, to: 50, step: 1 },
  { key: 'royalty', label: 'Royalty on revenue', unit: '%', from: 0, to: 15, step: 0.5 },
  { key: 'rate', label: 'Discount rate', unit: '% a year', from: 3, to: 20, step: 0.5 },
  { key: 'life', label: 'Life', unit: 'years', from: 5, to: 40, step: 1 },
];

export const USUAL: Own = {
  name: 'My project',
  place: 'AUS',
  distribution: 'nolans',
  ore: 1_000_000,
  grade: 2.6,
  recovery: 75,
  capex: 900,
  opex: 12,
  tax: 30,
  royalty: 5,
  rate: 8,
  life: 25,
};

const fraction = (percent: number) => (Math.round(percent * 100) / 10_000).toString();
const decimal = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

export function toToml(own: Own): string {
  return `name = ${JSON.stringify(own.name)}
place = ${JSON.stringify(own.place)}
currency = "USD"
money_year = 2024

[ore]
t_per_year = ${Math.round(own.ore)}
grade_treo_pct = ${decimal(own.grade)}
recovery = ${fraction(own.recovery)}
distribution = ${JSON.stringify(own.distribution)}
form = "oxide"
payability = 1.0
unsold = ["La", "Ce"]           # find no buyer

[schedule]
capex_shares = [0.3, 0.5, 0.2]
ramp = [0.5, 0.8]
life_years = ${Math.round(own.life)}

[costs]
capex_m = ${decimal(own.capex)}
sustaining_m_per_year = ${decimal(Math.round(own.capex * 0.02 * 10) / 10)}
opex_m_per_year = 0
opex_per_kg = ${decimal(own.opex)}
separation_per_kg = 0
by_product_m_per_year = 0
closure_m = 0
working_capital_days = 60

[fiscal]
royalty_share = ${fraction(own.royalty)}
tax_rate = ${fraction(own.tax)}
depreciation_years = 10
losses_carried_forward = true

[finance]
discount_rate = ${fraction(own.rate)}
discounting = "end_of_year"
inflation = { revenue = 0, opex = 0, capex = 0 }
`;
}
