/** The columns of conflicting evidence; a click on a figure shows every value with its source. */
import type { Conflict } from '../lib/answers';
import { number } from '../lib/format';
import type { Column } from './DataTable.svelte';

const range = (row: Conflict) => (row.low > 0 ? row.high / row.low : null);

export const conflictColumns: Column<Conflict>[] = [
  { key: 'what', label: 'What' },
  { key: 'name', label: 'Where', show: (row) => row.name ?? row.place ?? '–' },
  { key: 'year', label: 'When', number: true },
  { key: 'low', label: 'Lowest', number: true, show: (row) => number(row.low) },
  {
    key: 'high',
    label: 'Highest',
    number: true,
    show: (row) => number(row.high),
    from: (row) => ({
      what: `${row.what}, ${row.name ?? row.place ?? ''}`,
      kind: 'evidence',
      sources: [...new Set(row.values.flatMap((one) => one.sources))],
      note: row.values
        .map(
          (one) =>
            `${number(one.value)} ${row.unit} (${one.of}; ${one.confidence}${one.preferred ? ', used' : ''})`,
        )
        .join('; '),
    }),
  },
  { key: 'unit', label: 'Unit' },
  {
    key: 'ratio',
    label: 'Highest over lowest',
    number: true,
    sort: range,
    show: (row) => (row.low > 0 ? `×${number(row.high / row.low)}` : '–'),
  },
];
