import { setTimeout as wait } from 'node:timers/promises';
import { Hold } from './hold';
import { runningPostmaster } from './pid-file';
import { endOfLog, whatItSaid } from './server-log';
import { type Embedded, type EmbeddedOptions, startEmbedded } from './start';

type Say = (line: string) => void;

export interface Supervised {
  /** Superuser's, the same over restarts. */
  readonly url: string;
  readonly dir: string;
  /** It ran already, started by another process that still lives. */
  readonly adopted: boolean;
  stop(withinMs?: number): Promise<void>;
}

const lookEveryMs = 500;
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** One that stayed up this long has recovered: it is started again at once. */
const recoveredMs = 60_000;

/** An embedded Postgres that is started again when it ends, killed or panicked, on the same port and until `stop`. */
export async function superviseEmbedded(options: EmbeddedOptions, say: Say): Promise<Supervised> {
  const hold = new Hold();
  const first = await startEmbedded(options, hold);
  const revival = new Revival(first, hold, options, say);
  return { url: first.url, dir: first.dir, adopted: first.adopted, stop: (withinMs) => revival.stop(withinMs) };
}

class Revival {
  private readonly ending = new AbortController();
  private reviving: Promise<void> | null = null;
  private readFrom: number;
  /** Before the next start. It grows with each that fails or does not last. */
  private pauseMs = 0;
  private upSince = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private server: Embedded,
    private readonly hold: Hold,
    private readonly options: EmbeddedOptions,
    private readonly say: Say,
  ) {
    this.readFrom = endOfLog(server.dir);
    this.timer = setInterval(() => this.look(), lookEveryMs);
  }

  async stop(withinMs = 10_000): Promise<void> {
    const untilMs = performance.now() + withinMs;
    clearInterval(this.timer);
    this.ending.abort();
    // One that is slow to come back is stopped as it is.
    await Promise.race([this.reviving, wait(Math.max(0, withinMs / 2), undefined, { ref: false })]);
    await this.server.stop(untilMs - performance.now());
  }

  private look(): void {
    if (this.reviving !== null || runningPostmaster(this.server.dir) !== null) return;
    this.reviving = this.revive().finally(() => {
      this.reviving = null;
    });
  }

  private async revive(): Promise<void> {
    const { dir, port } = this.server;
    const why = whatItSaid(dir, this.readFrom);
    const diedAt = performance.now();
    if (diedAt - this.upSince > recoveredMs) this.pauseMs = 0;
    const when = this.pauseMs === 0 ? '' : ` in ${this.pauseMs / 1000} s`;
    this.say(
      `the embedded Postgres has ended and is started again${when}; requests go on by the last weights. It said: ${why}`,
    );
    for (let lastFault = ''; ; ) {
      await this.pause();
      if (this.ending.signal.aborted) return;
      const fault = await this.startAgain(port);
      if (this.ending.signal.aborted) return;
      if (fault === null) break;
      if (fault !== lastFault)
        this.say(`${fault}. It is tried again every ${longestPauseMs / 1000} s, until it starts.`);
      lastFault = fault;
    }
    this.upSince = performance.now();
    this.say(`the embedded Postgres is back after ${((this.upSince - diedAt) / 1000).toFixed(1)} s`);
  }

  private async pause(): Promise<void> {
    const ms = this.pauseMs;
    this.pauseMs = Math.min(Math.max(ms * 2, firstPauseMs), longestPauseMs);
    await wait(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }

  /** On the port it had: every pool holds a connection string with it. */
  private async startAgain(port: number): Promise<string | null> {
    const { signal } = this.ending;
    try {
      this.readFrom = endOfLog(this.server.dir);
      this.server = await startEmbedded({ ...this.options, port, signal }, this.hold);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
