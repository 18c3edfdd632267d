import { adminTokenAuthenticator } from '@/lib/access/admin-token';
import { type AlertStore, alertStore } from '@/lib/control/alerts/alert-store';
import type { AnchorBook } from '@/lib/control/journal/anchor-book';
import { anchorBook } from '@/lib/control/journal/anchor-book';
import type { IntegrityStore } from '@/lib/control/journal/integrity-store';
import { integrityStore } from '@/lib/control/journal/integrity-store';
import { StoreAway } from '@/lib/kernel/store-away';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { connect } from '@/lib/postgres/connection';
import { Pulse } from '@/lib/postgres/pulse';
import { IntegrityLooks } from '@/lib/watch/integrity-looks';
import { watchOver } from '@/lib/watch/watch-over';
import type { startAccess } from './build-access';
import { buildControl } from './build-control';
import { split } from './build-data-plane';
import { buildControlPlane, type ControlPlane } from './control-plane';
import { storeCalls } from './store-calls';
import type { Runtime } from './web-runtime';

/** The control plane of a web process, beside its data plane: connections of its own, so that neither waits. */
export function startControlPlane(
  { env, log, clock, identity, dataPlane, wrong }: Runtime,
  access: Pick<ReturnType<typeof startAccess>, 'authenticators' | 'deliver'>,
): ControlPlane {
  if (env.DATABASE_URL === undefined) throw new StoreAway('DATABASE_URL is not set');
  const pooled = env.SLUICE_POOLED === undefined ? {} : { pooled: env.SLUICE_POOLED };
  const open = (name: string, max: number) =>
    connect(env.DATABASE_URL ?? '', { name, max, silenceMs: 8000, connectTimeoutSeconds: 3, ...pooled });
  const [sql, tickSql] = [open('control', 4), open('cron', 1)];
  const pulse = new Pulse(() => open('control pulse', 1));
  const stores = { store: storeCalls(integrityStore(sql), { sql }), alerts: storeCalls(alertStore(sql), { sql }) };
  const { SLUICE_ADMIN_TOKEN: adminToken } = env;
  const plane = buildControlPlane({
    ...looksOf(stores, { env, log }),
    control: (tell) =>
      buildControl({
        ...{ sql, tickSql, pulse, tell, split },
        build: identity.build,
        mode: env.SLUICE_SANDBOX ? 'sandbox' : 'live',
        environmentCostUsd: env.GEN_BASELINE_COST_USD ?? null,
      }),
    clock,
    authenticators: [
      ...(adminToken === undefined ? [] : [adminTokenAuthenticator(adminToken)]),
      ...access.authenticators,
    ],
    // Where an outside cron ticks, no other process delivers; what fails here is sent by the next tick.
    deliver: () => access.deliver().catch((error: unknown) => log.warn({ err: error }, 'the outbox was not delivered')),
    cronSecret: env.CRON_SECRET ?? null,
    wrong,
    perMinute: { signIn: env.SLUICE_RATE_SIGN_IN, cron: env.SLUICE_RATE_CRON },
    routedVersion: () => dataPlane.weights.routing.version,
    close: async () => {
      await Promise.all([pulse.close(), ...[sql, tickSql].map((each) => each.end({ timeout: 2 }))]);
    },
    maintain: async () => {
      await maintainEvents(sql).catch((error: unknown) => log.warn({ err: error }, 'maintenance of the log failed'));
    },
  });
  // A serverless process does not live between requests; there the outside cron's ticks speak.
  const endWatch = env.VERCEL ? () => {} : watchOver(plane.control, () => access.deliver(), log);
  const close = () => {
    endWatch();
    return plane.close();
  };
  return { ...plane, close };
}

/** Its answer waits for a look, and what calls it does not wait for long. */
const lookWithinMs = 4000;

/** For where an outside cron ticks. Book and key are made by the first look: most web processes never take one. */
function looksOf(
  stores: { readonly store: IntegrityStore; readonly alerts: AlertStore },
  { env, log }: Pick<Runtime, 'env' | 'log'>,
) {
  let book: AnchorBook | null = null;
  let looks: IntegrityLooks | null = null;
  return {
    look: () => {
      book ??= anchorBook(env.SLUICE_DATA_DIR, env.DATABASE_URL ?? '');
      looks ??= new IntegrityLooks({ ...stores, book }, log);
      return looks.lookIfDue(lookWithinMs);
    },
    anchor: () => book?.line() ?? null,
  };
}
