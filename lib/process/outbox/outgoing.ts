import type { Env } from '@/lib/config/env';
import { lastAnchor } from '@/lib/control/journal/anchor-book';
import { jobLetter } from '@/lib/doors/jobs/job-letter';
import { CallerWebhooks } from '@/lib/jobs/webhooks/caller-webhooks';
import { judgeAnswer } from '@/lib/notify/answer';
import { alertPatience, Deliverer, type Patience } from '@/lib/notify/deliver-outbox';
import type { AlertMessage, DeliveryOutcome, Notifier, OutboxItem } from '@/lib/notify/outbox';
import { type OutboxStore, outboxStore } from '@/lib/notify/outbox-store';
import { type WebhookPoster, webhookPoster } from '@/lib/notify/post-webhook';
import { webhookNotifier } from '@/lib/notify/webhook-notifier';
import type { Sql } from '@/lib/postgres/sql';
import { storeCalls } from '../store-calls';

export interface OutgoingSettings {
  readonly publicUrl: string | null;
  readonly allowPrivateWebhooks: boolean;
  /** Where the journal stood when a process of this machine last looked. */
  readonly anchor?: (() => string | null) | undefined;
}

/** `anchor` says where this process itself saw the journal stand; else another of this machine may know. */
export function outgoingSettings(env: Env, anchor: () => string | null = () => null): OutgoingSettings {
  const { DATABASE_URL: url, SLUICE_DATA_DIR: folder } = env;
  return {
    publicUrl: env.SLUICE_PUBLIC_URL ?? null,
    allowPrivateWebhooks: env.SLUICE_ALLOW_PRIVATE_WEBHOOKS,
    anchor: () => anchor() ?? (url === undefined ? null : lastAnchor(folder, url)),
  };
}

/** All that leaves by the outbox: alerts to their channels, and the ends of jobs to their callers. */
export interface Outgoing {
  readonly notifier: Notifier;
  readonly outbox: OutboxStore;
  readonly deliverer: Deliverer;
  readonly webhooks: CallerWebhooks;
  /** Another knows better where the journal stands. */
  anchoredBy(anchor: () => string | null): void;
  close(): Promise<void>;
}

const jobWithinMs = 15_000;
/** As FAL does: ten times more, within two hours. */
const falPatience: Patience = { attempts: 11, withinSeconds: 2 * 3600 };
const jobPatience: Patience = { attempts: 40, withinSeconds: 24 * 3600 };

export function openOutgoing(sql: Sql, { publicUrl, allowPrivateWebhooks, ...settings }: OutgoingSettings): Outgoing {
  const poster = webhookPoster({ allowPrivate: allowPrivateWebhooks });
  let { anchor } = settings;
  const own = { allowPrivate: allowPrivateWebhooks, publicUrl, now: Date.now };
  const notifier = anchoring(webhookNotifier(own, poster), () => anchor?.() ?? null);
  const outbox = storeCalls(outboxStore(sql), { sql });
  const webhooks = new CallerWebhooks(sql);
  const deliverer = new Deliverer({
    outbox,
    chance: Math.random,
    patienceOf: (item) => (item.kind === 'alert' ? alertPatience : item.door === 'fal' ? falPatience : jobPatience),
    send: (item) =>
      item.kind === 'alert' ? notifier.deliver(item.channel, item.message) : tellOfJob({ webhooks, poster }, item),
  });
  return {
    ...{ notifier, outbox, deliverer, webhooks },
    anchoredBy: (other) => {
      anchor = other;
    },
    close: () => poster.close(),
  };
}

interface Telling {
  readonly webhooks: CallerWebhooks;
  readonly poster: WebhookPoster;
}

async function tellOfJob(
  { webhooks, poster }: Telling,
  { job, messageId, door }: Extract<OutboxItem, { kind: 'job' }>,
): Promise<DeliveryOutcome> {
  const told = await webhooks.read(job);
  if (told === null) return { ok: false, error: 'the job is gone', isFinal: true };
  if (door !== 'fal' && told.secrets.length === 0) {
    return { ok: false, error: `no secret signs the webhooks of ${told.job.caller} any more` };
  }
  const letter = jobLetter(told, { messageId, nowMs: Date.now(), ownKey: await webhooks.ownKey() });
  const posted = await poster.post(letter, jobWithinMs);
  if ('error' in posted) return { ok: false, error: posted.error };
  // What its receiver wrote may hold the address, which is its caller's alone.
  const outcome = judgeAnswer('webhook', posted.status, '');
  // Gone: the receiver wants no more of it.
  return posted.status === 410 && !outcome.ok ? { ...outcome, isFinal: true } : outcome;
}

/** Each alert carries the journal's head out of reach of those who can write the database. */
function anchoring<N extends Notifier>(notifier: N, anchor: () => string | null): N {
  return {
    ...notifier,
    deliver: (channel: Parameters<N['deliver']>[0], message: AlertMessage) => {
      const line = anchor();
      const params = line === null ? message.params : { ...message.params, journal_anchor: line };
      return notifier.deliver(channel, { ...message, params });
    },
  };
}
