/** The HTTP API of `monazite serve`: requests, the envelope of a verb's answer, and errors in words. */

export type Confidence = 'A' | 'B' | 'C';
/** One row of a table; keys carry the unit (`_t_reo`, `_usd_per_kg`). `null` is: not known. */
export type Row = Record<string, unknown>;

/** A source of the evidence. */
export interface Source {
  source: string;
  title: string;
  publisher?: string | null;
  year?: string | number | null;
  url?: string | null;
  licence?: string | null;
  retrieved?: string | null;
  note?: string | null;
  used_in?: { table: string; rows: number }[];
}

/** What a verb of the command line answers, with the command that prints the same. */
export interface Envelope<T = Record<string, unknown>> {
  command: string;
  title: string | null;
  data: T;
  tables: {
    name: string;
    title: string;
    columns: { key: string; label: string; number: boolean; share?: boolean }[];
  }[];
  notes: string[];
  warnings: string[];
  sources: Record<string, Source>;
  dataset_sha256: string;
  version: string;
}

/** An error as a person should read it: what is wrong, and what would help. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly hints: string[] = [],
    readonly places: string[] = [],
  ) {
    super(message);
  }
}

export const BASE = '/api/v1';

/** Builds a query string; empty values are left out. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== '' && value != null);
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}

/** Sends a request and reads the answer; a failure becomes an `ApiError`. */
export async function request<T>(path: string, init: RequestInit = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(BASE + path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError('The server does not answer.', 0, ['Is `monazite serve` still running?']);
  }
  if (!answer.ok) throw await problem(answer);
  if (answer.status === 204) return undefined as T;
  const json = (answer.headers.get('content-type') ?? '').includes('json');
  return (json ? answer.json() : answer.text()) as Promise<T>;
}

async function problem(answer: Response): Promise<ApiError> {
  try {
    const body = (await answer.json()) as {
      title?: string;
      detail?: string;
      hints?: string[];
      places?: string[];
    };
    return new ApiError(
      body.detail ?? body.title ?? answer.statusText,
      answer.status,
      body.hints,
      body.places,
    );
  } catch {
    return new ApiError(`The server answered ${answer.status} ${answer.statusText}.`, answer.status);
  }
}

/** Posts text or JSON. */
export function post<T>(
  path: string,
  body: string | Blob | object,
  type = 'application/json',
  signal?: AbortSignal,
) {
  const content = typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body);
  return request<T>(path, { method: 'POST', headers: { 'content-type': type }, body: content, signal });
}

export interface PlaceName {
  id: string;
  name: string;
  iso2?: string;
  m49?: number;
  bloc?: string;
  view_place?: string;
}

/** What the atlas needs to know once: names, years and limits. */
export interface Meta {
  version: string;
  dataset: {
    sha256: string;
    short: string;
    licence: string;
    vintages: [string, string];
    tables: number;
    rows: number;
  };
  elements: { symbol: string; name: string; atomic_number: number; class: string }[];
  stages: string[];
  base_years: number[];
  evidence_years: number[];
  places: PlaceName[];
  views: Record<string, { id: string; name: string }[]>;
  groups: { id: string; name: string }[];
  products: { id: string; name: string; kind: string; unit: string }[];
  customs_headings: { hs: string; name: string; years: number[] }[];
  end_uses: { id: string; name: string; kind: string }[];
  confidence: Record<Confidence, string>;
  limits: {
    text_bytes: number;
    file_bytes: number;
    jobs_at_once: number;
    jobs_kept: number;
    job_seconds: number;
    memory_mib?: number;
  };
  job_kinds?: string[];
}
