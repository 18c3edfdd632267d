import type { Log } from '@/lib/config/log';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { type AccessFile, type StoredAccess, storedAccess } from './access-file';

const readWithinMs = 900;

interface FollowParts {
  readonly sql: Sql;
  /** Kept for a start without the store; null: nothing stays on this disk. */
  readonly file: AccessFile | null;
  readonly log: Log;
  /** What is stored is swapped in as a whole. */
  readonly onChange: (access: StoredAccess) => void;
}

/** Keeps the providers' keys and the callers as the store has them, by the registry's version, which changes with them. */
export class FollowAccess {
  private version: number | null = null;
  private reading: Promise<void> | null = null;
  private again = false;
  private isOver = false;
  private readonly away = new LastingFault(
    (error) => this.parts.log.warn({ err: error }, 'stored keys and callers cannot be read; what was known stays'),
    () => this.parts.log.info('stored keys and callers are read again'),
  );

  constructor(private readonly parts: FollowParts) {}

  /** What the last run knew at once; resolves with the first look at the store. */
  start(): Promise<void> {
    const kept = this.parts.file?.read() ?? null;
    if (kept) this.parts.onChange(kept);
    return this.read();
  }

  /**
   * Which version the store has now, as the poll of the weights found it. Until that is read here, each look is a try.
   * `isAnew`: the store may be another one, at the same version.
   */
  heard(version: number, isAnew = false): void {
    if (isAnew) this.version = null;
    if (version !== this.version) void this.read();
  }

  /** Reads no more; resolves when what is being read is over, and its file written. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.reading;
  }

  /** Reads now; asked during a read, it reads once more afterwards. */
  private read(): Promise<void> {
    if (this.isOver) return Promise.resolve();
    if (this.reading) {
      this.again = true;
      return this.reading;
    }
    this.reading = this.readUntilSettled().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async readUntilSettled(): Promise<void> {
    do {
      this.again = false;
      await this.readOnce();
    } while (this.again && !this.isOver);
  }

  private async readOnce(): Promise<void> {
    const { sql, file, log, onChange } = this.parts;
    try {
      const found = await queryWithin(readWithinMs, readAccess(sql, this.version), 'reading keys and callers');
      this.away.worked();
      if (found === null) return;
      this.version = found.version;
      onChange(found);
      await file?.write(found).catch((error: unknown) => log.warn({ err: error }, 'access file not written'));
    } catch (error) {
      if (this.isOver) return;
      this.version = null;
      this.away.failed(error);
    }
  }
}

/** null: nothing has changed since `known`. */
async function readAccess(sql: Sql, known: number | null): Promise<StoredAccess | null> {
  const [row] = await sql<{ version: number; keys: unknown; callers: unknown }[]>`
    select v.version, x.keys, x.callers
    from (select sluice.registry_version() as version) v
    left join lateral (
      select
        (select coalesce(jsonb_agg(jsonb_build_object('provider', k.provider, 'version', k.version, 'sealed', k.sealed,
          'sealedWith', k.sealed_with)), '[]') from sluice.provider_keys k where k.retired_at is null) as keys,
        (select coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'scopes', c.scopes,
          'prefixes', c.prefixes, 'models', c.models, 'ratePerMinute', c.rate_per_minute, 'keys', (
            select coalesce(jsonb_agg(jsonb_build_object('digest', h.key_hash,
              'expiresAtMs', floor(extract(epoch from h.expires_at) * 1000))), '[]')
            from sluice.caller_keys h where h.caller = c.name and h.revoked_at is null
              and (h.expires_at is null or h.expires_at > now())))), '[]') from sluice.callers c) as callers
    ) x on v.version is distinct from ${known}::bigint`;
  return row?.keys ? storedAccess.parse({ ...row, version: Number(row.version) }) : null;
}
