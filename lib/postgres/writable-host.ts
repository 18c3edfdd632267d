import type { Sql } from 'postgres';
import { queryWithin } from './transaction';
import type { Host } from './url';

const askWithinMs = 1500;
/** Once one can be written to, the others have this long to say that they can, too. */
const graceMs = 250;
/** A burst of connections asks once. */
const keepMs = 500;

interface Writable {
  readonly host: Host;
  readonly timeline: string;
}
type Answer = Writable | { readonly host: Host; readonly fault: string };

/**
 * Finds the one of several hosts that can be written to, by asking all of them at once. The driver's own search takes
 * a standby of Postgres 14 or later for writable and tries for ever, without a pause, while none of them is.
 */
export class WritableHost {
  private asking: Promise<Host> | null = null;
  private found: { readonly host: Host; readonly atMs: number } | null = null;

  constructor(
    private readonly hosts: readonly Host[],
    /** A connection to this host alone, for one question. */
    private readonly open: (host: Host) => Sql,
  ) {}

  async find(): Promise<Host> {
    if (this.found && performance.now() - this.found.atMs < keepMs) return this.found.host;
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async ask(): Promise<Host> {
    const asked = this.hosts.map((host) => this.askOne(host));
    const first = Promise.any(asked.map(async (each) => writable(await each)));
    await first.catch(() => undefined);
    const answers = await Promise.all(asked.map((each) => Promise.race([each, later(graceMs)])));
    const able = answers.filter((answer): answer is Writable => answer !== null && 'timeline' in answer);
    // A primary that was given up may come back and still take writes; the newest timeline is the promoted one.
    const best = able.reduce<Writable | null>((a, b) => (a !== null && a.timeline >= b.timeline ? a : b), null);
    if (best === null) throw noneWritable(answers);
    this.found = { host: best.host, atMs: performance.now() };
    return best.host;
  }

  private async askOne(host: Host): Promise<Answer> {
    const sql = this.open(host);
    try {
      const [row] = await queryWithin(
        askWithinMs,
        sql<{ is_standby: boolean; is_read_only: boolean; timeline: string | null }[]>`
          select pg_is_in_recovery() as is_standby, current_setting('transaction_read_only') = 'on' as is_read_only,
            case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`,
        'which host can be written to',
      );
      if (row?.is_standby) return { host, fault: 'is a standby' };
      if (row?.is_read_only) return { host, fault: 'is read-only' };
      return { host, timeline: row?.timeline ?? '' };
    } catch (error) {
      const { message, code } = error as { message?: string; code?: string };
      return { host, fault: message || (code ?? String(error)) };
    } finally {
      void sql.end({ timeout: 0 }).catch(() => undefined);
    }
  }
}

function writable(answer: Answer): Writable {
  if ('timeline' in answer) return answer;
  throw new Error(answer.fault);
}

function later(ms: number): Promise<null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), ms).unref();
  });
}

function noneWritable(answers: readonly (Answer | null)[]): Error {
  const said = answers.flatMap((answer) =>
    answer !== null && 'fault' in answer ? [`${answer.host.host}:${answer.host.port} ${answer.fault}`] : [],
  );
  // The code of a connection that was refused: to every reader of the code, the database is away.
  return Object.assign(new Error(`no host of the database can be written to: ${said.join('; ')}`), {
    code: 'ECONNREFUSED',
  });
}
