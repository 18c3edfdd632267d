import { describe, expect, it } from 'vitest';
import { SplitsInMemory, splitChooser } from '@/lib/gateway/weights/splits-in-memory';
import type { SplitEntry } from '@/lib/registry/registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

const make = () => new SplitsInMemory({ lanes: new Map(), random: () => 0.5, monotonic: () => 0 });
const reading = { ...shippedRegistry, version: 3, faults: [] };

it('makes what ships where a store of an earlier version tells of no models', () => {
  const splits = make();
  splits.learn({ ...reading, models: [] });
  expect(splits.models.of('runware', 'flux-schnell')?.id).toBe('runware:100@1');
});

it('keeps its index of the models while only weights and arms change', () => {
  const splits = make();
  splits.learn(reading);
  const { models } = splits;
  splits.learn({ ...reading, version: 4 });
  expect(splits.models).toBe(models);
  splits.learn({ ...reading, version: 5, models: reading.models.filter(({ alias }) => alias === 'flux-dev') });
  expect(splits.models.of('fal', 'flux-schnell')).toBeNull();
  expect(splits.first.models).toBe(splits.models);
});

const split = (slug: string, more: Partial<SplitEntry> = {}): SplitEntry => ({
  ...{ key: `${slug.toUpperCase()}_WEIGHTS`, slug, kind: 'image', label: slug, match: {}, isDefault: false },
  ...{ archived: false, arms: [], ...more },
});
const splits = [
  ...shippedRegistry.splits,
  split('flux', { match: { models: ['flux-*'] } }),
  split('dev', { match: { models: ['flux-dev*'] } }),
  split('gpt', { match: { models: ['gpt-image-?'] } }),
  split('unready', { match: { models: ['flux-dev-*'] } }),
  split('old', { archived: true, match: { models: ['flux-dev-pro-max'] } }),
  split('video', { kind: 'job', match: { models: ['flux-dev-pro-max'] } }),
];
const choose = splitChooser({ splits }, (key) => key !== 'UNREADY_WEIGHTS');
const wish = (slug: string | null, ...models: string[]) => {
  const chosen = choose({ kind: 'image', slug, models });
  return chosen.ok ? chosen.split.slug : chosen.sentence;
};

describe('the split of a request', () => {
  it('is the one it names, whatever its model', () => {
    expect(wish('flux', 'gpt-image-1')).toBe('flux');
    expect(wish('unready')).toBe('unready');
  });

  it('is the one whose pattern is the longest that fits, by any name of the model', () => {
    expect(wish(null, 'flux-schnell')).toBe('flux');
    expect(wish(null, 'flux-dev')).toBe('dev');
    expect(wish(null, 'runware:101@1', 'flux-dev')).toBe('dev');
    expect(wish(null, 'gpt-image-1')).toBe('gpt');
    expect(wish(null, 'gpt-image-15')).toBe('gen');
  });

  it('is none that is not ready, archived or of another kind unless it is named', () => {
    expect(wish(null, 'flux-dev-pro-max')).toBe('dev');
  });

  it('is the default one of its kind when it says nothing', () => {
    expect(wish(null)).toBe('gen');
    expect(wish(null, 'nothing-known')).toBe('gen');
  });

  it.each([
    ['nowhere', "There is no split 'nowhere'. There are: dev, flux, gen, gpt, unready."],
    ['__proto__', "There is no split '__proto__'. There are: dev, flux, gen, gpt, unready."],
    ['old', "The split 'old' is archived. There are: dev, flux, gen, gpt, unready."],
    [
      'video',
      "The split 'video' is of kind job, and this is a request of kind image. There are: dev, flux, gen, gpt, unready.",
    ],
  ])('is refused by a sentence that names those there are: %s', (slug, sentence) => {
    expect(wish(slug)).toBe(sentence);
  });

  it('names twenty at most', () => {
    const many = Array.from({ length: 30 }, (_, i) => split(`s${i}`));
    const chosen = splitChooser({ splits: many }, () => true)({ kind: 'image', slug: 'x', models: [] });
    expect(chosen.ok ? '' : chosen.sentence).toContain('and 10 more');
  });
});
