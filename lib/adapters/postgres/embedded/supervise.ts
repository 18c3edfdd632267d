import { setTimeout as wait } from 'node:timers/promises';
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

/** An embedded Postgres that is started again when it ends, killed or panicked, on the same port and until `stop`. */
export async function superviseEmbedded(options: EmbeddedOptions, say: Say): Promise<Supervised> {
  const first = await startEmbedded(options);
  const revival = new Revival(first, options, say);
  return { url: first.url, dir: first.dir, adopted: first.adopted, stop: (withinMs) => revival.stop(withinMs) };
}

class Revival {
  private readonly ending = new AbortController();
  private reviving: Promise<void> | null = null;
  private readFrom: number;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private server: Embedded,
    private readonly options: EmbeddedOptions,
    private readonly say: Say,
  ) {
    this.readFrom = endOfLog(server.dir);
    this.timer = setInterval(() => this.look(), lookEveryMs);
  }

  async stop(withinMs?: number): Promise<void> {
    clearInterval(this.timer);
    this.ending.abort();
    await this.reviving;
    await this.server.stop(withinMs);
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
    this.say(
      `the embedded Postgres has ended and is started again; requests go on by the last weights. It said: ${why}`,
    );
    const diedAt = performance.now();
    let lastFault = '';
    for (let pauseMs = firstPauseMs; !this.ending.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const fault = await this.startAgain(port);
      if (fault === null) {
        this.say(`the embedded Postgres is back after ${((performance.now() - diedAt) / 1000).toFixed(1)} s`);
        return;
      }
      if (fault !== lastFault)
        this.say(`${fault}. It is tried again every ${longestPauseMs / 1000} s, until it starts.`);
      lastFault = fault;
      await wait(pauseMs, undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
  }

  /** On the port it had: everybody holds a connection string with it. */
  private async startAgain(port: number): Promise<string | null> {
    this.readFrom = endOfLog(this.server.dir);
    try {
      const before = this.server;
      this.server = await startEmbedded({ ...this.options, port });
      // Not its owner any more: this only lets its babysitter go.
      await before.stop();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
