/**
 * Answers of the server as state. An answer once seen is shown at once when the page is opened again, and is
 * marked stale when the server does not answer any more.
 */
import { ApiError, request } from './api';

interface Kept {
  value: unknown;
  at: number;
}
const kept = new Map<string, Kept>();
const KEEP = 60;

export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  /** When the value shown was fetched, in milliseconds since 1970. */
  at = $state(0);
  private path = '';
  private abort: AbortController | null = null;

  /** The value is shown though the last request failed. */
  get stale() {
    return this.value !== null && this.error !== null;
  }

  /** Fetches; an older request still under way is dropped. */
  async load(path: string) {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    const other = path !== this.path;
    this.path = path;
    const memory = kept.get(path);
    if (memory) {
      this.value = memory.value as T;
      this.at = memory.at;
    } else if (other && this.error) {
      this.value = null;
    }
    this.loading = true;
    try {
      const value = await request<T>(path, { signal: abort.signal });
      if (abort.signal.aborted) return;
      this.value = value;
      this.at = Date.now();
      this.error = null;
      kept.delete(path);
      kept.set(path, { value, at: this.at });
      if (kept.size > KEEP) kept.delete(kept.keys().next().value as string);
    } catch (cause) {
      if (abort.signal.aborted) return;
      if (!memory) this.value = null;
      this.error = cause instanceof ApiError ? cause : new ApiError(String(cause), 0);
    }
    this.loading = false;
  }

  again = () => this.load(this.path);

  drop() {
    this.abort?.abort();
  }
}

/** A resource that follows a path; give a function so that choices are tracked. `null` fetches nothing. */
export function resource<T>(path: () => string | null): Resource<T> {
  const answer = new Resource<T>();
  $effect(() => {
    const now = path();
    if (now !== null) void answer.load(now);
  });
  $effect(() => () => answer.drop());
  return answer;
}
