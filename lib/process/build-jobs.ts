import { randomUUID } from 'node:crypto';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import type { GenerateParts } from '@/lib/gateway/request/generate-parts';
import type { JobParts } from '@/lib/jobs/create-job';
import type { JobCounts } from '@/lib/jobs/job-counts';
import { jobStore } from '@/lib/jobs/job-store';
import { JobViews } from '@/lib/jobs/job-views';
import { KeptBindings } from '@/lib/jobs/kept-bindings';
import { CallerWebhooks } from '@/lib/jobs/webhooks/caller-webhooks';
import { JobWebhooks } from '@/lib/jobs/webhooks/job-webhooks';
import { KeySet } from '@/lib/jobs/webhooks/key-set';
import { readWebhookSecret, WebhookAddress } from '@/lib/jobs/webhooks/webhook-address';
import { WebhookLedger } from '@/lib/jobs/webhooks/webhook-ledger';
import { repeat, startDeadline, systemClock } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { within } from '@/lib/kernel/within';
import { spendingStore } from '@/lib/registry/spending-store';
import { storeCalls } from './store-calls';
import { type Connections, inDataDir } from './stores';

interface BuildParts {
  readonly env: Env;
  readonly log: Log;
  readonly connections: Connections | null;
  readonly gateway: GenerateParts;
  readonly counts: JobCounts;
  /** A job is due now. */
  readonly wake: () => void;
}

/** null without a database: a job is its row. */
export function buildJobs({ env, log, connections, gateway, counts, wake }: BuildParts): JobParts | null {
  if (connections === null) return null;
  const store = storeCalls(jobStore(connections.jobs), { sql: connections.jobs });
  const bindings = new KeptBindings({
    path: env.VERCEL ? null : inDataDir(env, 'jobs.ndjson'),
    now: systemClock.now,
    settle: (end) => store.settleKept(end),
    warn: (fields, sentence) => log.warn(fields, sentence),
  });
  void bindings.load();
  const address = webhookAddress(env, log, connections.jobs);
  return {
    gateway,
    store,
    spending: storeCalls(spendingStore(connections.jobs), { sql: connections.jobs }),
    views: new JobViews({ store, clock: systemClock, within }),
    bindings,
    newId: randomUUID,
    webhookUrl: (provider, job) => address.of(provider, job),
    told: new CallerWebhooks(connections.jobs),
    webhooks: new JobWebhooks({
      ...{ sql: connections.jobs, address, falKeys: falKeys(env), now: systemClock.now, wake },
      ...{ counts: counts.webhooks, ledger: keptLedger(log, connections.jobs) },
      adapterOf: (provider) => gateway.lanes.get(provider)?.origin.adapter ?? null,
    }),
  };
}

function keptLedger(log: Log, sql: Connections['jobs']): WebhookLedger {
  const ledger = new WebhookLedger();
  const unwritten = new LastingFault((error) =>
    log.warn({ err: error }, 'how webhooks fared cannot be written; it is kept and tried again'),
  );
  ledger.keepIn(sql, unwritten);
  return ledger;
}

const askEveryMs = 5000;

/** Until the secret is known no vendor is told an address. */
function webhookAddress(env: Env, log: Log, sql: Connections['jobs']): WebhookAddress {
  const address = new WebhookAddress(env.SLUICE_PUBLIC_URL ?? null);
  const unread = new LastingFault((error) =>
    log.warn({ err: error }, 'the secret of webhooks cannot be read; until it is, no provider is asked for news'),
  );
  const ask = async () => {
    const secret = await readWebhookSecret(sql);
    if (secret === null) return;
    end();
    address.learn(secret);
  };
  const end = repeat(askEveryMs, ask, unread);
  void ask().catch((error) => unread.failed(error));
  return address;
}

/** A sandbox signs nothing, unless it says where its keys are. */
function falKeys(env: Env): KeySet | null {
  const url = env.FAL_JWKS_URL ?? (env.SLUICE_SANDBOX ? null : 'https://rest.fal.ai/.well-known/jwks.json');
  return url === null ? null : new KeySet({ url, now: systemClock.now, startDeadline });
}
