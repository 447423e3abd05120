/** Long work on the server: started, followed by server-sent events, cancelled, found again after a reload. */
import { ApiError, BASE, post, request } from './api';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface JobAnswer {
  id: number;
  kind: string;
  title: string;
  state: JobState;
  created: string;
  started: string | null;
  ended: string | null;
  progress: { step: string; done: number; all: number; found: number } | null;
  request: Record<string, unknown>;
  problem: { title: string; detail: string; hints?: string[]; places?: string[] } | null;
  resumed: boolean;
}

/** Starts a job; faulty input is refused here, with the places in the text. */
export const start = (work: object) => post<JobAnswer>('/jobs', work);

/** One job, followed until it ends. */
export class Job {
  answer = $state.raw<JobAnswer | null>(null);
  error = $state.raw<ApiError | null>(null);
  /** The connection is being made again. */
  reconnecting = $state(false);
  private events: EventSource | null = null;

  constructor(readonly id: string) {
    const events = new EventSource(`${BASE}/jobs/${encodeURIComponent(id)}/events`);
    this.events = events;
    events.addEventListener('job', (event) => {
      this.answer = JSON.parse((event as MessageEvent<string>).data) as JobAnswer;
      this.reconnecting = false;
      this.error = null;
      if (this.ended) this.close();
    });
    events.addEventListener('error', () => {
      if (events.readyState === EventSource.CLOSED) void this.look();
      else this.reconnecting = true;
    });
  }

  /** Asks once, to tell an unknown job from a lost connection. */
  private async look() {
    try {
      this.answer = await request<JobAnswer>(`/jobs/${encodeURIComponent(this.id)}`);
    } catch (cause) {
      this.error = cause instanceof ApiError ? cause : new ApiError(String(cause), 0);
    }
    this.reconnecting = false;
  }

  get ended() {
    return this.answer !== null && ['done', 'failed', 'cancelled'].includes(this.answer.state);
  }

  async cancel() {
    const answer = await request<JobAnswer | undefined>(`/jobs/${encodeURIComponent(this.id)}`, {
      method: 'DELETE',
    });
    if (answer) this.answer = answer;
  }

  async again() {
    return request<JobAnswer>(`/jobs/${encodeURIComponent(this.id)}/again`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
  }

  close() {
    this.events?.close();
    this.events = null;
  }
}

/** Follows the job whose id the function gives; the connection ends with the page. */
export function follow(id: () => string | null): { readonly job: Job | null } {
  let job = $state.raw<Job | null>(null);
  $effect(() => {
    const wanted = id();
    const next = wanted ? new Job(wanted) : null;
    job = next;
    return () => next?.close();
  });
  return {
    get job() {
      return job;
    },
  };
}
