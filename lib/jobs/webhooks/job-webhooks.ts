import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';
import type { Tally } from '../job-counts';
import { jobIdShape } from '../job-view';
import { falSignatureFault } from './fal-signature';
import type { KeySet } from './key-set';
import type { WebhookAddress } from './webhook-address';
import type { WebhookLedger } from './webhook-ledger';

interface News {
  readonly provider: string;
  readonly job: string;
  readonly token: string;
  header(name: string): string | null;
  /** The body, which is read only when the address is known to be ours. */
  body(): Promise<Uint8Array | null>;
}

type Taken = { readonly kind: 'taken' | 'ended' } | { readonly kind: 'refused' | 'later'; readonly why: string };

interface WebhookParts {
  readonly sql: Sql;
  readonly address: WebhookAddress;
  /** Which wire format a provider speaks. */
  readonly adapterOf: (provider: string) => string | null;
  /** null: nothing signs here, as in a sandbox. */
  readonly falKeys: KeySet | null;
  readonly counts: Tally;
  readonly ledger: WebhookLedger;
  readonly now: () => number;
  /** A job is due now. */
  readonly wake: () => void;
}

const withinMs = 3000;

/** A vendor's news of a job is a hint to look at it now; what became of it is for that look to say. */
export class JobWebhooks {
  constructor(private readonly parts: WebhookParts) {}

  async take(news: News): Promise<Taken> {
    const taken = await this.judge(news);
    const { adapterOf, counts, ledger } = this.parts;
    // The sender may have written any name, and a counter for each would grow without end.
    const provider = adapterOf(news.provider) === null ? 'other' : news.provider;
    counts.add(provider, taken.kind);
    if (provider !== 'other') ledger.note(provider, 'why' in taken ? taken.why : null);
    return taken;
  }

  stop(): void {
    this.parts.ledger.stop();
  }

  private async judge(news: News): Promise<Taken> {
    const { provider, job, token } = news;
    const { address, adapterOf } = this.parts;
    if (!address.isKnown) return { kind: 'later', why: 'the secret of these addresses is not known yet' };
    if (!jobIdShape.test(job) || !address.isOurs(provider, job, token))
      return { kind: 'refused', why: 'the token is not that of this job' };
    if (adapterOf(provider) === 'fal') {
      const fault = await this.falFault(news);
      if (fault !== null) return fault;
    }
    return { kind: (await this.hurry(provider, job)) ? 'taken' : 'ended' };
  }

  private async falFault(news: News): Promise<Taken | null> {
    const { falKeys, now } = this.parts;
    if (falKeys === null) return null;
    const signed = { header: (name: string) => news.header(name), body: await news.body() };
    try {
      const fault = falSignatureFault(signed, await falKeys.read(), now());
      if (fault === null) return null;
      const isStill = falSignatureFault(signed, await falKeys.read(true), now());
      return isStill === null ? null : { kind: 'refused', why: isStill };
    } catch {
      return { kind: 'later', why: "the vendor's keys cannot be read" };
    }
  }

  /** Also while it is being looked at: then once more. A create under way is left alone: its binding says when it is due. */
  private async hurry(provider: string, job: string): Promise<boolean> {
    const query = this.parts.sql`
      update sluice.jobs j set due_at = now()
      where j.id = ${job} and j.provider = ${provider} and j.ended_at is null and j.state <> 'attempting'`;
    const { count } = await queryWithin(withinMs, query, 'hurrying a job');
    if (count > 0) this.parts.wake();
    return count > 0;
  }
}
