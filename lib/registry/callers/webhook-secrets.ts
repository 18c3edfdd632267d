import { randomBytes } from 'node:crypto';
import { actingAs } from '@/lib/access/acting-as';
import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import type { Sql } from '@/lib/postgres/sql';
import { writing } from '@/lib/postgres/transaction';
import { nameShape } from '@/lib/split/name-shapes';

interface IssuedSecret {
  readonly caller: string;
  /** Answered this once: no command reads it again. */
  readonly secret: string;
  /** Those that sign along for a while. */
  readonly replaced: number;
}

export type WebhookSecretStore = ReturnType<typeof webhookSecretStore>;

/** Until every receiver has the new one, both sign. */
export const usualOverlapSeconds = 86_400;
const mostOverlapSeconds = 30 * 86_400;

export function webhookSecretStore(sql: Sql) {
  return {
    /** A new one signs from now on; the one before signs along for so long. */
    async replace(caller: string, secret: string, overlapSeconds: number, by: string): Promise<number> {
      return sql.begin(writing, async (tx) => {
        await actingAs(tx, by);
        const ended = await tx`
          update sluice.webhook_secrets w set expires_at = now() + make_interval(secs => ${overlapSeconds})
          where w.caller = ${caller} and w.expires_at is null`;
        // Three never sign at once: the one before the last ends now.
        await tx`
          update sluice.webhook_secrets w set expires_at = now()
          where w.caller = ${caller} and w.expires_at > now() and w.id <> (select max(l.id) from sluice.webhook_secrets l
            where l.caller = ${caller})`;
        await tx`
          insert into sluice.webhook_secrets (caller, secret, created_by) values (${caller}, ${secret}, ${by})`;
        return overlapSeconds > 0 ? ended.count : 0;
      }) as Promise<number>;
    },
  };
}

/** Makes what signs the webhooks of a caller. */
export async function issueWebhookSecret(
  store: WebhookSecretStore,
  { caller, overlapSeconds }: { readonly caller: string; readonly overlapSeconds: number },
  by: string,
): Promise<IssuedSecret> {
  if (!nameShape.test(caller)) {
    throw new Refusal('caller-invalid', `No secret was made: "${excerpt(caller)}" is no name of a caller.`);
  }
  if (overlapSeconds > mostOverlapSeconds) {
    throw new Refusal('caller-invalid', 'No secret was made: the one before may sign along for 30 days at most.');
  }
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { caller, secret, replaced: await store.replace(caller, secret, overlapSeconds, by) };
}
