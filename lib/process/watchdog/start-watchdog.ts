import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import cron from 'node-cron';
import { parseEnv, type Source } from '@/lib/config/env';
import { createLog, type Log } from '@/lib/config/log';
import { maskedEnv } from '@/lib/config/mask';
import { anchorBook } from '@/lib/control/journal/anchor-book';
import { type OpenControl, openControl } from '@/lib/process/open-control';
import { firstSplit } from '@/lib/split/split-key';
import { IntegrityLooks } from '@/lib/watch/integrity-looks';
import { runTick, type TickOutcome } from '@/lib/watch/run-tick';
import { startBeat } from './beat';
import { followJobs } from './follow-jobs';
import { startIntegrity } from './integrity';
import { intervalOf } from './interval';
import { startUpkeep } from './upkeep';

interface Watchdog {
  stop(why: string): Promise<void>;
}

/** One watchdog process: ticks by node-cron, never two at once, and what follows a tick outside its transaction. */
export async function startWatchdog(source: Source): Promise<Watchdog> {
  const env = parseEnv(source);
  const intervalSeconds = intervalOf(source.SLUICE_TICK_SECONDS);
  const log = createLog(env.LOG_LEVEL, { process: 'watchdog' });
  if (env.DATABASE_URL === undefined)
    throw new Error('DATABASE_URL is not set; the watchdog judges what a database says.');
  log.info({ config: maskedEnv(env), interval_seconds: intervalSeconds, pid: process.pid }, 'starting');
  const build = source.SLUICE_BUILD ?? 'dev';
  const opened = await openControl(env.DATABASE_URL, {
    name: 'watchdog',
    build,
    environmentCostUsd: env.GEN_BASELINE_COST_USD ?? null,
    ...(env.SLUICE_POOLED === undefined ? {} : { pooled: env.SLUICE_POOLED }),
  });
  const book = anchorBook(env.SLUICE_DATA_DIR, env.DATABASE_URL);
  const access = opened.access({
    supabaseUrl: null,
    supabaseKey: null,
    publicUrl: env.SLUICE_PUBLIC_URL ?? null,
    allowPrivateWebhooks: env.SLUICE_ALLOW_PRIVATE_WEBHOOKS,
    anchor: () => book.line(),
  });
  const identity = { id: randomUUID(), host: hostname(), pid: process.pid, build, startedAtMs: Date.now() };
  const beat = startBeat(opened.control.instances, identity, log);
  const integrity = startIntegrity(
    new IntegrityLooks({ store: opened.integrity, book, alerts: opened.control.alerts }, log),
  );
  const upkeep = startUpkeep(opened.maintain, log);
  const outbox = access.goOn(log);
  const jobs = followJobs({ ...env, DATABASE_URL: env.DATABASE_URL }, log, () => outbox.wake());
  const by = `watchdog:${identity.host}:${identity.pid}`;
  let running: Promise<void> | null = null;
  let delivering: Promise<unknown> | null = null;
  // Beside the ticks, not between them: a receiver that hangs must not hold up the next decision.
  const deliver = () => {
    delivering ??= access
      .deliver()
      .catch((error: unknown) => log.warn({ err: error }, 'the outbox was not delivered'))
      .finally(() => {
        delivering = null;
      });
  };
  let tickedAtMs = performance.now();
  const tick = () => {
    tickedAtMs = performance.now();
    running ??= tickOnce(opened, { by, intervalSeconds }, log)
      .catch((error: unknown) => log.error({ err: error }, 'a tick failed'))
      .finally(() => {
        running = null;
        deliver();
        // Also after a skipped slot: every process with a free moment folds what is settled.
        upkeep.begin();
      });
  };
  const task = cron.schedule(`*/${intervalSeconds} * * * * *`, tick, { suppressMissedWarning: true });
  // The schedule goes by local time: it stands still while the clocks are put back, or when the host's clock steps.
  const intervalMs = intervalSeconds * 1000;
  const backstop = setInterval(() => {
    if (performance.now() - tickedAtMs > intervalMs * 1.2) tick();
  }, intervalMs / 4);
  tick();
  return {
    async stop(why) {
      log.info({ why }, 'stopping');
      clearInterval(backstop);
      await task.destroy();
      upkeep.stop();
      await running;
      await delivering;
      await integrity.stop();
      await jobs.stop();
      await outbox.stop(1000);
      await beat.stop();
      await access.close();
      await opened.close();
      log.info('stopped');
    },
  };
}

type Caller = { readonly by: string; readonly intervalSeconds: number };

async function tickOnce({ controls }: OpenControl, caller: Caller, log: Log): Promise<void> {
  const deadlineMs = Math.min(8000, caller.intervalSeconds * 800);
  const outcome = await runTick(controls, { ...caller, deadlineMs });
  say(outcome, log);
}

/** Each tick that changes something, and each that fails; the others are rows of sluice.ticks. */
function say(outcome: TickOutcome, log: Log): void {
  if (outcome.result === 'failed') log.error({ error: outcome.error }, 'a tick failed');
  if (outcome.result === 'skipped') return;
  for (const { split, action, error } of outcome.splits) {
    if (split === firstSplit) continue;
    if (error !== null) log.error({ split, error }, 'a split could not be judged');
    else if (action !== 'none') log.warn({ split }, `tick: ${action}`);
  }
  if (outcome.result !== 'decided' || outcome.action === 'none') return;
  const { decision, durationMs, policyVersion } = outcome.tick;
  log.warn(
    { action: decision?.action, policy_version: policyVersion, duration_ms: durationMs },
    `tick: ${outcome.action}`,
  );
}
