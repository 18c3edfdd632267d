import { createHmac } from 'node:crypto';
import { secretsEqual } from '@/lib/kernel/constant-time';
import type { Sql } from '@/lib/postgres/sql';
import { queryWithin } from '@/lib/postgres/transaction';

export const webhookFolder = '/api/jobs/webhooks/';

/** Where vendors send their news of a job: an address that cannot be made without the store's secret. */
export class WebhookAddress {
  private secret: Uint8Array | null = null;

  /** null: this installation does not know where it is reached, and asks for no news. */
  constructor(private readonly publicUrl: string | null) {}

  get isKnown(): boolean {
    return this.secret !== null;
  }

  learn(secret: Uint8Array): void {
    this.secret = secret;
  }

  /** null: nowhere. */
  of(provider: string, job: string): string | null {
    const token = this.tokenOf(provider, job);
    if (this.publicUrl === null || token === null) return null;
    return `${this.publicUrl}${webhookFolder}${encodeURIComponent(provider)}/${job}?token=${token}`;
  }

  isOurs(provider: string, job: string, token: string): boolean {
    const expected = this.tokenOf(provider, job);
    return expected !== null && secretsEqual(token, expected);
  }

  private tokenOf(provider: string, job: string): string | null {
    if (this.secret === null) return null;
    return createHmac('sha256', this.secret).update(`${provider}/${job}`).digest('base64url');
  }
}

const withinMs = 2000;

/** The secret that all processes share; null where its row was deleted. */
export async function readWebhookSecret(sql: Sql): Promise<Uint8Array | null> {
  const query = sql<{ secret: Uint8Array }[]>`select s.secret from sluice.webhook_secret s`;
  const [row] = await queryWithin(withinMs, query, 'reading the secret of webhooks');
  return row?.secret ?? null;
}
