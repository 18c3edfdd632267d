import { setTimeout as sleep } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { formatDuration } from '@/lib/kernel/duration';
import { demoPolicy } from './demo-policy';
import type { Stage } from './open-stage';
import { actor, advanceWhenOpen, explain, introduce, type Say, split, until } from './telling';
import { startTraffic } from './traffic';

const perSecond = 15;
const healthyInD2Ms = 15_000;
const compressed = 'Hours are half minutes here: windows and holds of 20 s, stages of 30 and 40 s.';

/** D1, D2, a regression at the candidate, the automatic rollback: told as it happens. */
export async function tellStory(stage: Stage, say: Say, signal: AbortSignal): Promise<void> {
  await introduce(stage, compressed, say);
  const { control } = stage;
  await savePolicy(control, {
    policy: demoPolicy,
    expectedVersion: 0,
    reason: 'time compressed',
    confirm: true,
    actor,
  });
  await setWeights(control, {
    weights: { fal: 1, runware: 0 },
    expectedVersion: 0,
    reason: 'everything at FAL',
    override: false,
    actor,
  });
  const traffic = startTraffic(stage.url, perSecond);
  try {
    await walk(stage, say, signal);
    const { sent, failed } = traffic.counts;
    say(`\nCallers sent ${sent} requests meanwhile; ${failed} of them failed: the baseline rescued the others.`);
  } finally {
    await traffic.stop();
  }
}

async function walk({ control, sandbox }: Stage, say: Say, signal: AbortSignal): Promise<void> {
  const look = () => readSnapshot(control);
  await advanceWhenOpen(control, 'D1', { say, signal });
  await advanceWhenOpen(control, 'D2', { say, signal });
  await sleep(healthyInD2Ms, undefined, { signal });
  sandbox.control('runware', { failureRate: 0.3, status: 500 });
  const broken = performance.now();
  say('\nRunware now fails three requests in ten. Nobody touches anything; look at the failure rate and its red line.');
  const shot = await until(look, ({ stage }) => stage === 'rolled_back', { say, signal, name: 'the watchdog' });
  const seconds = Math.round((performance.now() - broken) / 1000);
  say(`\nRolled back by ${shot.latched?.by} after ${formatDuration(seconds)}: ${split(shot)}.`);
  say(`Why: ${shot.latched?.reason}`);
  await explain(control, shot, say);
}
