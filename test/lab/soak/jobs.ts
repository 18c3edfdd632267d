import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

export interface JobsSeen {
  ordered: number;
  /** Due, but too many were under way. */
  skipped: number;
  /** Not begun, because the database was away. */
  postponed: number;
  failed: number;
  /** With what an order or a poll was answered that should not have been. */
  readonly failures: string[];
  /** By its id: what a poll said in the end; null: it was never told to have ended. */
  readonly jobs: Map<string, string | null>;
  polls: number;
  failedPolls: number;
  readonly orderMs: number[];
}

export interface JobTraffic {
  readonly seen: JobsSeen;
  /** Orders no more; resolves with the seconds in which it did when every caller has heard of the end of its job. */
  stop(): Promise<number>;
}

const turnMs = 20;
const mostUnderWay = 3000;
const pollEveryMs = 1000;
/** No job here takes nearly as long. */
const endsWithinMs = 90_000;

/** Callers who order a video each and ask for it until it has ended, at a steady rate. */
export function startJobs(url: string, perSecond: number): JobTraffic {
  const pool = new Pool(url, { connections: 256, headersTimeout: 70_000, bodyTimeout: 70_000 });
  const seen: JobsSeen = {
    ...{ ordered: 0, skipped: 0, postponed: 0, failed: 0, failures: [], jobs: new Map(), polls: 0, failedPolls: 0 },
    orderMs: [],
  };
  const caller = new Caller(pool, seen);
  const underWay = new Set<Promise<void>>();
  const beganMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - beganMs) / 1000) * perSecond) - seen.ordered - seen.skipped;
    for (let n = 0; n < due; n += 1) {
      if (underWay.size >= mostUnderWay) seen.skipped += 1;
      else {
        const going = caller.wantsOne().finally(() => underWay.delete(going));
        underWay.add(going);
      }
    }
  }, turnMs);
  return {
    seen,
    async stop() {
      clearInterval(timer);
      const lastedSeconds = (performance.now() - beganMs) / 1000;
      await Promise.all(underWay);
      await pool.close();
      return lastedSeconds;
    },
  };
}

class Caller {
  constructor(
    private readonly pool: Pool,
    private readonly seen: JobsSeen,
  ) {}

  async wantsOne(): Promise<void> {
    const { seen } = this;
    const prompt = `film ${++seen.ordered}`;
    const startedAtMs = performance.now();
    const { status, text } = await this.ask(
      'POST',
      '/api/jobs',
      JSON.stringify({ prompt, model: 'film', duration: 5 }),
    );
    seen.orderMs.push(performance.now() - startedAtMs);
    if (status === 503 && text.includes('store-unavailable')) seen.postponed += 1;
    else if (status !== 202) this.fail('failed', `order: ${status} ${text.slice(0, 200)}`);
    else await this.follow((JSON.parse(text) as { id: string }).id);
  }

  private async follow(id: string): Promise<void> {
    const { jobs } = this.seen;
    jobs.set(id, null);
    const untilMs = performance.now() + endsWithinMs;
    while (performance.now() < untilMs) {
      await sleep(pollEveryMs);
      this.seen.polls += 1;
      const { status, text } = await this.ask('GET', `/api/jobs/${id}`);
      const said = status === 200 ? (JSON.parse(text) as { status: string }).status : null;
      if (said === null) this.fail('failedPolls', `poll: ${status} ${text.slice(0, 200)}`);
      if (said === 'completed' || said === 'failed') return void jobs.set(id, said);
    }
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: string): Promise<{ status: number; text: string }> {
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await this.pool.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      return { status: 0, text: error instanceof Error ? error.message : String(error) };
    }
  }

  private fail(what: 'failed' | 'failedPolls', said: string): void {
    this.seen[what] += 1;
    if (this.seen.failures.length < 5) this.seen.failures.push(said);
  }
}
