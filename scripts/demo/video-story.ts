import { setTimeout as sleep } from 'node:timers/promises';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { formatDuration } from '@/lib/kernel/duration';
import { drain } from './drain';
import type { Stage } from './open-stage';
import { startOrders } from './orders';
import { actor, advanceWhenOpen, explain, introduce, type Say, split, until } from './telling';
import { videoOrders } from './video-orders';
import { videoPolicy } from './video-policy';

const perSecond = 8;
const healthyInD2Ms = 15_000;
const compressed =
  'Minutes are seconds here: a video takes three seconds, may take 15, and is judged over windows of 20 and 30 s.';
const usual = { median: 2500, p95: 4500 };
const hanging = { median: 45_000, p95: 55_000 };

/** D1, D2, a candidate whose videos hang, the automatic rollback, and its jobs that drain: told as it happens. */
export async function tellVideoStory(stage: Stage, say: Say, signal: AbortSignal): Promise<void> {
  await introduce(stage, compressed, say);
  for (const name of ['fal', 'runware'] as const) stage.sandbox.control(name, { jobMs: usual });
  const control = await addFilm(stage);
  say(
    '\nThe split film: videos by Kling, at FAL (the baseline) and at Runware (the candidate). Callers order them now.',
  );
  const traffic = startOrders(videoOrders(stage.url), perSecond, signal);
  try {
    await walk(stage, control, { say, signal });
    const begun = () => stage.sandbox.jobs('runware').length;
    await drain(stage, { arm: 'runware-kling', provider: 'runware', begun }, { say, signal });
  } finally {
    await traffic.stop();
  }
  const { ordered, refused, completed, failed } = traffic.counts;
  const twice = (['fal', 'runware'] as const)
    .flatMap((name) => stage.sandbox.jobs(name))
    .filter((job) => job.creates > 1);
  say(`\nCallers ordered ${ordered} videos: ${completed} came, ${failed} failed, ${refused} were not taken.`);
  say(`${twice.length} were made twice, by the books of the vendors. Callers noticed nothing but the wait.`);
}

type Control = Stage['control'];

async function addFilm({ controls, url }: Stage): Promise<Control> {
  const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });
  const made = await controls.registry.newSplit(
    {
      ...{
        slug: 'film',
        kind: 'job',
        label: 'Film',
        isDefault: true,
        policy: videoPolicy('fal-kling', 'runware-kling'),
      },
      ...{ baseline: arm('fal-kling', 'fal'), candidates: [arm('runware-kling', 'runware')] },
      ...{ key: undefined, match: undefined },
    },
    { actor, reason: 'a demo of video' },
  );
  for (let n = 0; n < 100; n++) {
    const health = (await (await fetch(`${url}/api/health`)).json()) as { splits: Record<string, unknown> };
    if (health.splits[made.slug]) return controls.of(made.key);
    await sleep(100);
  }
  throw new Error('The web process did not learn of the new split within 10 s.');
}

interface Telling {
  readonly say: Say;
  readonly signal: AbortSignal;
}

async function walk({ sandbox }: Stage, control: Control, { say, signal }: Telling): Promise<void> {
  await advanceWhenOpen(control, 'D1', { say, signal });
  await advanceWhenOpen(control, 'D2', { say, signal });
  await sleep(healthyInD2Ms, undefined, { signal });
  sandbox.control('runware', { jobMs: hanging });
  const broken = performance.now();
  say(
    '\nRunware still takes every order, and its videos hang: 45 s instead of 3. None of them fails, so only who counts',
  );
  say('what has not ended can see it. Nobody touches anything; look at the time to done and its red line.');
  const look = () => readSnapshot(control);
  const shot = await until(look, ({ stage }) => stage === 'rolled_back', { say, signal, name: 'the watchdog' });
  const seconds = Math.round((performance.now() - broken) / 1000);
  say(`\nRolled back by ${shot.latched?.by} after ${formatDuration(seconds)}: ${split(shot)}.`);
  say(`Why: ${shot.latched?.reason}`);
  await explain(control, shot, say);
}
