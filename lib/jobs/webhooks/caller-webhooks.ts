import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import { columns, type Row, viewOf } from '../job-store';
import type { JobView } from '../job-view';
import { type OwnKey, ownKeyOf } from './own-key';

/** A job that has ended, for the address where its caller wants to be told. */
export interface ToldJob {
  readonly job: JobView;
  readonly url: string;
  /** Its split's. */
  readonly slug: string;
  /** The caller's secrets, the newest first; each signs. */
  readonly secrets: readonly string[];
}

const withinMs = 3000;

/** What the messages to callers are made and signed with. */
export class CallerWebhooks {
  private key: Promise<OwnKey> | null = null;

  constructor(private readonly sql: Sql) {}

  /** Also one that its caller has deleted since; null: there is no such job, or it has no webhook. */
  async read(id: string): Promise<ToldJob | null> {
    const { sql } = this;
    const query = sql<(Row & Omit<ToldJob, 'job'>)[]>`
      select ${columns(sql)}, j.webhook_url as url, coalesce((select s.slug from sluice.splits s where s.key = j.split), j.split) as slug,
        (select coalesce(jsonb_agg(w.secret), '[]') from (select k.secret from sluice.webhook_secrets k
          where k.caller = j.caller and (k.expires_at is null or k.expires_at > now()) order by k.id desc limit 2) w) as secrets
      from sluice.jobs j where j.id = ${id} and j.webhook_url is not null and j.ended_at is not null`;
    const [row] = await queryWithin(withinMs, query, 'reading a job to be told of');
    if (!row) return null;
    const { url, slug, secrets, ...job } = row;
    return { job: viewOf(job), url, slug, secrets };
  }

  async hasSecret(caller: string): Promise<boolean> {
    const query = this.sql`select from sluice.webhook_secrets w where w.caller = ${caller} and w.expires_at is null`;
    return (await queryWithin(withinMs, query, 'looking for a secret of webhooks')).count > 0;
  }

  /** Read once; all processes have the same. */
  ownKey(): Promise<OwnKey> {
    this.key ??= this.readKey().catch((error: unknown) => {
      this.key = null;
      throw error;
    });
    return this.key;
  }

  private async readKey(): Promise<OwnKey> {
    const query = this.sql<{ seed: Uint8Array }[]>`select s.seed from sluice.signing_seed s`;
    const [row] = await queryWithin(withinMs, query, 'reading what signs messages');
    if (!row)
      throw new Error('sluice.signing_seed has no row: nothing can be signed until it has one of 32 random bytes');
    return ownKeyOf(row.seed);
  }
}
