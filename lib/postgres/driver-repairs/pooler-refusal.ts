import type { Sql } from '@/lib/postgres/sql';

/** An answer is believed for so long; what listens at an address may change while a process lives. */
const keepMs = 600_000;

interface Known {
  readonly refuses: boolean;
  readonly atMs: number;
}

/**
 * Whether a URL leads to a pooler that refuses the settings of a session as startup parameters. PgBouncer and others
 * name the first that they do not know and close; the driver would fail the query that wanted the connection, and over
 * TLS only the driver can read the answer. So it is asked once, by a connection of its own. Only an explicit refusal
 * counts: silence and faults leave it open.
 */
export class PoolerRefusal {
  private known: Known | null = null;
  private asking: Promise<boolean> | null = null;

  constructor(private readonly open: () => Sql) {}

  /** null while it has to be asked. */
  get refuses(): boolean | null {
    if (this.known === null || performance.now() - this.known.atMs > keepMs) return null;
    return this.known.refuses;
  }

  ask(): Promise<boolean> {
    this.asking ??= this.askOnce().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async askOnce(): Promise<boolean> {
    const sql = this.open();
    const answer = await sql`select 1`.then(
      () => false,
      (error: unknown) => refusal(error),
    );
    await sql.end({ timeout: 0 }).catch(() => undefined);
    if (answer !== null) this.known = { refuses: answer, atMs: performance.now() };
    return answer === true;
  }
}

/** null: the error says nothing about the parameters. Who is asked for a password has had them taken. */
function refusal(error: unknown): boolean | null {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === '08P01' && /unsupported startup parameter/.test(message)) return true;
  return /^(28|3D)/.test(code) ? false : null;
}
