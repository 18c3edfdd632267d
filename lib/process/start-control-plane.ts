import { adminTokenAuthenticator } from '@/lib/access/admin-token';
import { type AlertStore, alertStore } from '@/lib/control/alerts/alert-store';
import { type AnchorBook, anchorBook } from '@/lib/control/journal/anchor-book';
import { type IntegrityStore, integrityStore } from '@/lib/control/journal/integrity-store';
import { jobDesk } from '@/lib/jobs/operate/job-desk';
import { StoreAway } from '@/lib/kernel/store-away';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { IntegrityLooks } from '@/lib/watch/integrity-looks';
import { watchOver } from '@/lib/watch/watch-over';
import type { startAccess } from './build-access';
import { buildControls } from './build-control';
import { buildControlPlane, type ControlPlane } from './control-plane';
import { storeCalls } from './store-calls';
import type { Runtime } from './web-runtime';

/** `endWatch` ends what it does by itself. */
export type StartedControlPlane = ControlPlane & { readonly endWatch: () => void };

/** The control plane of a web process, beside its data plane: connections of its own, so that neither waits. */
export function startControlPlane(
  { env, log, clock, identity, connections, dataPlane, wrong }: Runtime,
  access: Pick<ReturnType<typeof startAccess>, 'authenticators' | 'deliver'>,
): StartedControlPlane {
  if (connections === null) throw new StoreAway('DATABASE_URL is not set');
  const { control: sql, ticks: tickSql, pulse } = connections;
  const stores = { store: storeCalls(integrityStore(sql), { sql }), alerts: storeCalls(alertStore(sql), { sql }) };
  const { SLUICE_ADMIN_TOKEN: adminToken } = env;
  const plane = buildControlPlane({
    ...looksOf(stores, { env, log }),
    controls: (tell) =>
      buildControls({
        ...{ sql, tickSql, pulse, tell },
        build: identity.build,
        mode: env.SLUICE_SANDBOX ? 'sandbox' : 'live',
        environmentCostUsd: env.GEN_BASELINE_COST_USD ?? null,
      }),
    jobs: storeCalls(jobDesk(sql), { sql, pulse }),
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
    maintain: async () => {
      await maintainEvents(sql).catch((error: unknown) => log.warn({ err: error }, 'maintenance of the log failed'));
    },
  });
  // A serverless process does not live between requests; there the outside cron's ticks speak.
  const endWatch = env.VERCEL ? () => {} : watchOver(plane.control, () => access.deliver(), log);
  return { ...plane, endWatch };
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
