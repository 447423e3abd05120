/** What stands behind a number, and the side panel that shows it. */
import type { Confidence } from './api';
import { ids } from './format';

export interface Provenance {
  /** What the number is, in words. */
  what: string;
  /** The number as shown, with its unit. */
  shown?: string;
  /** How it came about. */
  kind?: 'evidence' | 'indicator' | 'balanced' | 'model';
  confidence?: Confidence | null;
  sources?: string[];
  vintage?: string | number | null;
  note?: string | null;
  low?: string;
  high?: string;
  /** Asks for the conflicting evidence behind it. */
  why?: { place?: string; element?: string; stage?: string; year?: string | number };
  /** The command that prints the same. */
  command?: string;
}

class Panel {
  shown = $state.raw<Provenance | null>(null);
  private opener: HTMLElement | null = null;

  open(provenance: Provenance, opener?: HTMLElement | null) {
    this.opener = opener ?? null;
    this.shown = provenance;
  }
  close = () => {
    this.shown = null;
    this.opener?.focus();
    this.opener = null;
  };
}

export const panel = new Panel();

/** Provenance out of a row that carries `confidence`, `source`/`sources`, `vintage` and `note`. */
export function fromRow(
  row: Record<string, unknown>,
  what: string,
  more: Partial<Provenance> = {},
): Provenance {
  return {
    what,
    kind: 'evidence',
    confidence: (row.confidence as Confidence | null) ?? null,
    sources: ids(row.sources ?? row.source),
    vintage: (row.vintage as string | null) ?? null,
    note: (row.note as string | null) ?? null,
    ...more,
  };
}
