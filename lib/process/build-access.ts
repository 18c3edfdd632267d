import { randomUUID } from 'node:crypto';
import { inviteStore } from '@/lib/access/invite-store';
import { operatorAuthenticators } from '@/lib/access/operator-authenticators';
import { operatorStore } from '@/lib/access/operator-store';
import { sessionStore } from '@/lib/access/session-store';
import type { Identities } from '@/lib/access/sign-in';
import { supabaseDirectory } from '@/lib/access/supabase/sign-in';
import { tokens } from '@/lib/access/tokens';
import type { Log } from '@/lib/config/log';
import { keyVariable } from '@/lib/config/provider-keys';
import { systemClock } from '@/lib/kernel/clock';
import { StoreAway } from '@/lib/kernel/store-away';
import { type Channels, testAlertChannel } from '@/lib/notify/alert-channels';
import { channelStore } from '@/lib/notify/channel-store';
import type { Deliverer, Fates } from '@/lib/notify/deliver-outbox';
import type { DeliveryOutcome } from '@/lib/notify/outbox';
import type { OutboxStore } from '@/lib/notify/outbox-store';
import { connect } from '@/lib/postgres/connection';
import type { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';
import { type CallerStore, callerStore } from '@/lib/registry/callers/caller-store';
import { type WebhookSecretStore, webhookSecretStore } from '@/lib/registry/callers/webhook-secrets';
import { type KeyStore, keyStore } from '@/lib/registry/keys/key-store';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import { type SpendingStore, spendingStore } from '@/lib/registry/spending-store';
import { firstSplit } from '@/lib/split/split-key';
import { StoreWatch } from '@/lib/watch/store-watch';
import { secretKeyOf } from './keys/secret-key';
import { type Outgoing, type OutgoingSettings, openOutgoing, outgoingSettings } from './outbox/outgoing';
import { type StartedOutbox, startOutbox } from './outbox/start-outbox';
import { storeCalls } from './store-calls';
import type { Runtime } from './web-runtime';

export interface AccessSettings extends OutgoingSettings {
  readonly supabaseUrl: string | null;
  readonly supabaseKey: string | null;
  /** Signs in with every right; left out, there is none. */
  readonly adminToken?: string | null;
  readonly sessionIdleMinutes?: number;
  readonly requireMfa?: boolean;
}

/** Who may come in, and where alerts go out: both live in the database. */
export interface Access {
  readonly identities: Identities;
  readonly channels: Channels;
  readonly outbox: OutboxStore;
  /** Who may send requests, and the keys that providers are called with. */
  readonly callers: CallerStore;
  readonly keys: KeyStore;
  readonly spending: SpendingStore;
  /** What signs the webhooks of callers. */
  readonly webhookSecrets: WebhookSecretStore;
  testChannel(id: number, by: string): Promise<DeliveryOutcome>;
  /** Sends what is due; any number of processes may. */
  deliver(): Promise<Fates>;
  /** Goes on sending what is due, also between two calls of `deliver`. */
  goOn(log: Pick<Log, 'warn'>): StartedOutbox;
  close(): Promise<void>;
}

/** `pulse`: those who wait for an answer are told as soon as the store is silent. */
export function openAccess(
  sql: Sql,
  settings: AccessSettings,
  pulse: Pulse | null = null,
  outgoing: Outgoing = openOutgoing(sql, settings),
): Access {
  const { supabaseUrl, supabaseKey, adminToken = null, requireMfa = false } = settings;
  const rules = {
    idleSeconds: (settings.sessionIdleMinutes ?? 60) * 60,
    adminCredential: adminToken === null ? null : tokens.digest(adminToken),
    requireMfa,
  };
  const { notifier, outbox, deliverer } = outgoing;
  const channels = { channels: storeCalls(channelStore(sql), { sql }), notifier };
  const watch = new StoreWatch({ ...channels, clock: systemClock, split: firstSplit, newId: randomUUID });
  const project = supabaseUrl && supabaseKey ? { url: supabaseUrl, publishableKey: supabaseKey } : null;
  return {
    identities: {
      operators: storeCalls(operatorStore(sql, rules.idleSeconds), { sql, pulse }),
      sessions: storeCalls(sessionStore(sql, rules), { sql, pulse }),
      invites: storeCalls(inviteStore(sql), { sql, pulse }),
      adminToken,
      directory: project && supabaseDirectory(project, Date.now, requireMfa),
      requireMfa,
    },
    channels: { ...channels, channels: storeCalls(channelStore(sql), { sql, pulse }) },
    outbox,
    callers: storeCalls(callerStore(sql), { sql, pulse }),
    keys: storeCalls(keyStore(sql), { sql, pulse }),
    spending: storeCalls(spendingStore(sql), { sql, pulse }),
    webhookSecrets: storeCalls(webhookSecretStore(sql), { sql, pulse }),
    testChannel: (id, by) =>
      testAlertChannel(channels, id, { id: `msg_${randomUUID()}`, atMs: Date.now(), split: firstSplit, by }),
    deliver: () => deliverAndWatch(deliverer, watch),
    goOn: (log) => startOutbox(deliverer, log),
    close: () => outgoing.close(),
  };
}

/** Each delivery is also a look at whether the store answers. */
async function deliverAndWatch(deliverer: Deliverer, watch: StoreWatch): Promise<Fates> {
  try {
    const done = await deliverer.round();
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

function accessSettings(env: Runtime['env'], anchor?: () => string | null): AccessSettings {
  return {
    ...outgoingSettings(env, anchor),
    supabaseUrl: env.SUPABASE_URL ?? null,
    supabaseKey: env.SUPABASE_PUBLISHABLE_KEY ?? null,
    adminToken: env.SLUICE_ADMIN_TOKEN ?? null,
    requireMfa: env.SLUICE_REQUIRE_MFA,
    sessionIdleMinutes: env.SLUICE_SESSION_IDLE_MINUTES,
  };
}

interface WebAccess extends Access {
  readonly authenticators: ReturnType<typeof operatorAuthenticators>;
  readonly secretKey: SecretKey;
  environmentKey(provider: string): string | null;
}

/** Of a web process: on the connections that its operators share. */
export function startAccess({ env, connections, outgoing }: Runtime, anchor?: () => string | null): WebAccess {
  if (connections === null || outgoing === null) throw new StoreAway('DATABASE_URL is not set');
  const settings = accessSettings(env, anchor);
  if (settings.anchor) outgoing.anchoredBy(settings.anchor);
  const access = openAccess(connections.control, settings, connections.pulse, outgoing);
  return {
    ...access,
    authenticators: operatorAuthenticators(access.identities),
    secretKey: secretKeyOf(env),
    environmentKey: (provider) => env.providerKeys[keyVariable(provider)] ?? null,
  };
}
