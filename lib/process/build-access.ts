import { randomUUID } from 'node:crypto';
import { operatorAuthenticators } from '@/lib/access/operator-authenticators';
import { operatorStore } from '@/lib/access/operator-store';
import { sessionStore } from '@/lib/access/session-store';
import type { Identities } from '@/lib/access/sign-in';
import { supabaseDirectory } from '@/lib/access/supabase/sign-in';
import { tokens } from '@/lib/access/tokens';
import { keyVariable } from '@/lib/config/provider-keys';
import { lastAnchor } from '@/lib/control/journal/anchor-book';
import { systemClock } from '@/lib/kernel/clock';
import { StoreAway } from '@/lib/kernel/store-away';
import { type Channels, testAlertChannel } from '@/lib/notify/alert-channels';
import { channelStore } from '@/lib/notify/channel-store';
import { type Delivery, deliverOutbox } from '@/lib/notify/deliver-outbox';
import type { AlertMessage, DeliveryOutcome, Notifier } from '@/lib/notify/outbox';
import { type OutboxStore, outboxStore } from '@/lib/notify/outbox-store';
import { webhookNotifier } from '@/lib/notify/webhook-notifier';
import { connect } from '@/lib/postgres/connection';
import type { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';
import { type CallerStore, callerStore } from '@/lib/registry/callers/caller-store';
import { type KeyStore, keyStore } from '@/lib/registry/keys/key-store';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import { firstSplit } from '@/lib/split/split-key';
import { StoreWatch } from '@/lib/watch/store-watch';
import { secretKeyOf } from './keys/secret-key';
import { storeCalls } from './store-calls';
import type { Runtime } from './web-runtime';

export interface AccessSettings {
  readonly supabaseUrl: string | null;
  readonly supabaseKey: string | null;
  readonly publicUrl: string | null;
  readonly allowPrivateWebhooks: boolean;
  /** Signs in with every right; left out, there is none. */
  readonly adminToken?: string | null;
  readonly sessionIdleMinutes?: number;
  readonly requireMfa?: boolean;
  /** Where the journal stood when a process of this machine last looked. */
  readonly anchor?: () => string | null;
}

/** Who may come in, and where alerts go out: both live in the database. */
export interface Access {
  readonly identities: Identities;
  readonly channels: Channels;
  readonly outbox: OutboxStore;
  /** Who may send requests, and the keys that providers are called with. */
  readonly callers: CallerStore;
  readonly keys: KeyStore;
  testChannel(id: number, by: string): Promise<DeliveryOutcome>;
  /** Sends what is due; any number of processes may. */
  deliver(): Promise<{ readonly delivered: number; readonly retried: number; readonly dead: number }>;
  close(): Promise<void>;
}

/** `pulse`: those who wait for an answer are told as soon as the store is silent. */
export function openAccess(sql: Sql, settings: AccessSettings, pulse: Pulse | null = null): Access {
  const { supabaseUrl, supabaseKey, publicUrl, allowPrivateWebhooks: allowPrivate, adminToken = null } = settings;
  const rules = {
    idleSeconds: (settings.sessionIdleMinutes ?? 60) * 60,
    adminCredential: adminToken === null ? null : tokens.digest(adminToken),
  };
  const notifier = anchoring(webhookNotifier({ allowPrivate, publicUrl, now: Date.now }), settings.anchor);
  const outbox = storeCalls(outboxStore(sql), { sql });
  const channels = { channels: storeCalls(channelStore(sql), { sql }), notifier };
  const watch = new StoreWatch({ ...channels, clock: systemClock, split: firstSplit, newId: randomUUID });
  const project = supabaseUrl && supabaseKey ? { url: supabaseUrl, publishableKey: supabaseKey } : null;
  return {
    identities: {
      operators: storeCalls(operatorStore(sql), { sql, pulse }),
      sessions: storeCalls(sessionStore(sql, rules), { sql, pulse }),
      adminToken,
      directory: project && supabaseDirectory(project, Date.now, settings.requireMfa),
    },
    channels: { ...channels, channels: storeCalls(channelStore(sql), { sql, pulse }) },
    outbox,
    callers: storeCalls(callerStore(sql), { sql, pulse }),
    keys: storeCalls(keyStore(sql), { sql, pulse }),
    testChannel: (id, by) =>
      testAlertChannel(channels, id, { id: `msg_${randomUUID()}`, atMs: Date.now(), split: firstSplit, by }),
    deliver: () => deliverAndWatch({ outbox, notifier, chance: Math.random }, watch),
    close: () => notifier.close(),
  };
}

/** Each alert carries the journal's head out of reach of those who can write the database. */
function anchoring<N extends Notifier>(notifier: N, anchor: (() => string | null) | undefined): N {
  if (anchor === undefined) return notifier;
  return {
    ...notifier,
    deliver: (channel: Parameters<N['deliver']>[0], message: AlertMessage) => {
      const line = anchor();
      const params = line === null ? message.params : { ...message.params, journal_anchor: line };
      return notifier.deliver(channel, { ...message, params });
    },
  };
}

/** Each delivery is also a look at whether the store answers. */
async function deliverAndWatch(delivery: Delivery, watch: StoreWatch): ReturnType<Access['deliver']> {
  try {
    const done = await deliverOutbox(delivery);
    await watch.answered();
    return done;
  } catch (error) {
    await watch.failed(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** For commands: on a connection of its own, without a web process. */
export function openAccessAt(url: string, settings: AccessSettings): Access {
  const sql = connect(url, { name: 'cli access', max: 2 });
  const access = openAccess(sql, settings);
  const close = async () => {
    await access.close();
    await sql.end({ timeout: 2 });
  };
  return { ...access, close };
}

/** `anchor` says where this process itself saw the journal stand; else another of this machine may know. */
function accessSettings(env: Runtime['env'], anchor: () => string | null = () => null): AccessSettings {
  return {
    supabaseUrl: env.SUPABASE_URL ?? null,
    supabaseKey: env.SUPABASE_PUBLISHABLE_KEY ?? null,
    publicUrl: env.SLUICE_PUBLIC_URL ?? null,
    allowPrivateWebhooks: env.SLUICE_ALLOW_PRIVATE_WEBHOOKS,
    adminToken: env.SLUICE_ADMIN_TOKEN ?? null,
    requireMfa: env.SLUICE_REQUIRE_MFA,
    sessionIdleMinutes: env.SLUICE_SESSION_IDLE_MINUTES,
    anchor: () =>
      anchor() ?? (env.DATABASE_URL === undefined ? null : lastAnchor(env.SLUICE_DATA_DIR, env.DATABASE_URL)),
  };
}

interface WebAccess extends Access {
  readonly authenticators: ReturnType<typeof operatorAuthenticators>;
  readonly secretKey: SecretKey;
  environmentKey(provider: string): string | null;
}

/** Of a web process: on the connections that its operators share. */
export function startAccess({ env, connections }: Runtime, anchor?: () => string | null): WebAccess {
  if (connections === null) throw new StoreAway('DATABASE_URL is not set');
  const access = openAccess(connections.control, accessSettings(env, anchor), connections.pulse);
  return {
    ...access,
    authenticators: operatorAuthenticators(access.identities),
    secretKey: secretKeyOf(env),
    environmentKey: (provider) => env.providerKeys[keyVariable(provider)] ?? null,
  };
}
