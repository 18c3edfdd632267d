import type { OpenControl } from '@/lib/process/open-control';
import { addProvider } from '@/test/support/relay-rows';
import { moveWeights, seedTraffic } from './seed';
import type { World } from './world';

const by = { actor: 'operator:wen', reason: 'one split for each feature' };
const arm = (name: string, provider: string) => ({ name, provider, model: null, params: {} });

type Controls = OpenControl['controls'];

/** A team that has come to use it for everything: a dozen splits, of which three need somebody. */
export async function seedSplits({ sql, controls }: World): Promise<void> {
  const begun = { by: 'operator:ann', reason: 'the plan' };
  const clips = await image(controls, 'clips', 'Clips', ['new', 'small']);
  await moveWeights(sql, { split: clips, weights: { old: 0.9, new: 0.05, small: 0.05 }, ...begun, secondsAgo: 3000 });
  for (const [name, provider, perMinute] of [
    ['old', 'fal', 72],
    ['new', 'runware', 9],
    ['small', 'fal', 9],
  ] as const)
    await seedTraffic(sql, { split: clips, arm: name, provider, seconds: 2900, perMinute });
  const bad = { split: clips, arm: 'new', provider: 'runware', perMinute: 1, failEvery: 1 };
  await seedTraffic(sql, { ...bad, seconds: 120, endedSecondsAgo: 1800 });
  const portraits = await image(controls, 'portraits', 'Portraits', ['new']);
  await moveWeights(sql, { split: portraits, weights: { old: 0.9, new: 0.1 }, ...begun, secondsAgo: 3900 });
  await both(sql, portraits, 3800);
  const avatars = await image(controls, 'avatars', 'Avatars', ['new']);
  await moveWeights(sql, { split: avatars, weights: { old: 0.9, new: 0.1 }, ...begun, secondsAgo: 7200 });
  await moveWeights(sql, { split: avatars, weights: { old: 0.5, new: 0.5 }, ...begun, secondsAgo: 2400 });
  await both(sql, avatars, 3600);
  const paused = controls.of(avatars);
  const { row } = await paused.flags.readSplit();
  await paused.flags.writeState({
    verb: 'pause',
    actor: 'operator:ann',
    reason: 'until the launch is over',
    expectedVersion: row?.version ?? 0,
  });
  const thumbs = await image(controls, 'thumbs', 'Thumbnails', ['new']);
  await moveWeights(sql, { split: thumbs, weights: { old: 0.9, new: 0.1 }, ...begun, secondsAgo: 1800 });
  await both(sql, thumbs, 1700);
  await seedTraffic(sql, { split: thumbs, arm: 'new', provider: 'runware', seconds: 40, perMinute: 20, failEvery: 2 });
  await relay(sql, controls);
  for (const slug of ['banners', 'posters', 'stickers', 'logos', 'upscale', 'wallpapers']) {
    const key = await image(controls, slug, slug[0]?.toUpperCase() + slug.slice(1), ['new']);
    await seedTraffic(sql, { split: key, arm: 'old', provider: 'fal', seconds: 1200, perMinute: slug.length });
  }
}

async function image(controls: Controls, slug: string, label: string, candidates: readonly string[]): Promise<string> {
  const providers: Readonly<Record<string, string>> = { new: 'runware', small: 'fal' };
  const made = await controls.registry.newSplit(
    {
      slug,
      label,
      kind: 'image',
      baseline: arm('old', 'fal'),
      candidates: candidates.map((name) => arm(name, providers[name] ?? 'fal')),
    },
    by,
  );
  return made.key;
}

async function both(sql: World['sql'], split: string, seconds: number): Promise<void> {
  await seedTraffic(sql, { split, arm: 'old', provider: 'fal', seconds, perMinute: 30 });
  await seedTraffic(sql, {
    split,
    arm: 'new',
    provider: 'runware',
    seconds,
    perMinute: 10,
    latencyMs: 3100,
    costUsd: 0.013,
  });
}

/** Bytes that are passed on, from an aggregator to the vendor. */
async function relay(sql: World['sql'], { registry }: Controls): Promise<void> {
  await addProvider(sql, 'aggregator', 'http://127.0.0.1:1', { dialect: 'kling', path_prefix: '/kling' });
  await addProvider(sql, 'vendor', 'http://127.0.0.1:2', { dialect: 'kling' });
  await registry.newSplit(
    {
      slug: 'lipsync',
      label: 'Lip sync',
      kind: 'relay',
      match: { prefixes: ['/lipsync'] },
      baseline: arm('old', 'aggregator'),
      candidates: [arm('new', 'vendor')],
    },
    by,
  );
}
