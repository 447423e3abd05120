/** Where a period of the evidence stands on a time axis: the middle of a year, quarter or month. */
export function periodAt(period: string): number {
  const quarter = /^(\d{4})-?Q([1-4])$/.exec(period);
  if (quarter) return Number(quarter[1]) + (Number(quarter[2]) - 0.5) / 4;
  const month = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(period);
  if (month) return Number(month[1]) + (Number(month[2]) - 0.5) / 12;
  const year = /^(\d{4})$/.exec(period);
  return year ? Number(year[1]) + 0.5 : NaN;
}
