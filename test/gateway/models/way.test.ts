import { describe, expect, it } from 'vitest';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { Models } from '@/lib/gateway/models/models';
import { wayOf } from '@/lib/gateway/models/way';
import type { ModelEntry } from '@/lib/registry/registry';
import { falRules, provider, row, runwareRules } from './rows';

const arm = (name: string, at = name, more = {}) => ({ name, provider: at, model: null, params: {}, ...more });
const [fal, runware] = [arm('fal'), arm('runware')];
const ask = (more: Partial<ImageRequest>): ImageRequest => ({ prompt: 'a', n: 1, requestId: 'r', model: 'm', ...more });
const models = (lossy: ModelEntry['lossy'] = 'pin') =>
  new Models(
    [row('m', 'fal', falRules, { lossy }), row('m', 'runware', runwareRules, { lossy })],
    [provider('fal'), provider('runware')],
  );
const both = { arms: [fal, runware], order: [fal, runware] };

describe('a request before its draw', () => {
  it('is drawn where every arm with a share can be told it', () => {
    expect(wayOf(models(), both, ask({ params: { steps: 20 } }))).toMatchObject({ kind: 'drawn' });
  });

  it('is pinned to one that can, the baseline first', () => {
    const loras = [{ model: 'civitai:1@2' }];
    expect(wayOf(models(), both, ask({ params: { loras } }))).toEqual({
      kind: 'pinned',
      arm: 'runware',
      fields: ['loras'],
    });
    const three = { arms: [arm('x', 'runware'), fal, runware], order: [runware, arm('x', 'runware'), fal] };
    expect(wayOf(models(), three, ask({ params: { negative_prompt: 'b' } }))).toEqual({
      ...{ kind: 'pinned', arm: 'runware', fields: ['negative_prompt'] },
    });
  });

  it('goes to a baseline without a share, and to no other arm without one', () => {
    const done = { arms: [runware], order: [fal, runware] };
    const url = [{ model: 'https://a.example/x' }];
    expect(wayOf(models(), done, ask({ params: { loras: url } }))).toMatchObject({ kind: 'pinned', arm: 'fal' });
    const atRest = { arms: [fal], order: [fal] };
    expect(wayOf(models(), atRest, ask({ params: { negative_prompt: 'b' } }))).toEqual({
      kind: 'refused',
      field: 'negative_prompt',
      sentence: 'cannot be said to the arms of this split (fal: negative_prompt is not taken)',
    });
  });

  it('is refused, or loses what cannot be said, where its model says so', () => {
    const wanted = ask({ params: { negative_prompt: 'b' } });
    expect(wayOf(models('refuse'), both, wanted)).toMatchObject({ kind: 'refused', field: 'negative_prompt' });
    expect(wayOf(models('drop'), both, wanted)).toEqual({ kind: 'drawn' });
    const image = ['https://a.example/1', 'https://a.example/2'];
    expect(wayOf(models('drop'), both, ask({ params: { image } }))).toMatchObject({ kind: 'pinned', arm: 'runware' });
  });

  it('of a model that only one has goes there; of one that nobody has, nowhere', () => {
    const one = new Models([row('m', 'fal', falRules)], [provider('fal'), provider('runware')]);
    expect(wayOf(one, both, ask({}))).toEqual({ kind: 'pinned', arm: 'fal', fields: ['model'] });
    expect(wayOf(one, both, ask({ model: 'x' }))).toEqual({
      kind: 'refused',
      field: 'model',
      sentence: "'x' is not known to fal and runware; known are fal: m; runware: none",
    });
  });

  it('counts what an arm pins', () => {
    const pinning = { arms: [fal, arm('fast', 'fal', { params: { steps: 4 } })], order: [fal] };
    expect(wayOf(models(), pinning, ask({}))).toMatchObject({ kind: 'drawn' });
    const wrong = { arms: [fal, arm('fast', 'fal', { params: { negative_prompt: 'b' } })], order: [fal] };
    expect(wayOf(models(), wrong, ask({}))).toMatchObject({ kind: 'pinned', arm: 'fal' });
  });
});

describe('models', () => {
  it('are found by alias, and by what a provider calls them', () => {
    const known = models();
    expect(['m', 'fal/m', 'runware/m', 'other', undefined].map((name) => known.aliasOf(name))).toEqual([
      'm',
      'm',
      'm',
      'other',
      'flux-schnell',
    ]);
    expect(known.of('runware', 'fal/m')?.id).toBe('runware/m');
    expect(known.of('runware', 'constructor')).toBeNull();
  });

  it('that are not enabled, or cannot be read, are not there', () => {
    const broken = row('b', 'fal', { seed: { min: 'x' } });
    const known = new Models([row('m', 'fal', falRules, { enabled: false }), broken], [provider('fal')]);
    expect([known.of('fal', 'm'), known.of('fal', 'b'), known.aliases]).toEqual([null, null, ['b']]);
    expect(known.faults()).toEqual([expect.stringContaining('the model b at fal is not used: params.seed.min')]);
  });

  it('have one key of a price at every provider', () => {
    const priced = new Models(
      [row('m', 'fal', falRules, { price: { by: ['steps'] } }), row('m', 'runware', runwareRules)],
      [],
    );
    expect(priced.priceKeyOf(ask({ model: 'runware/m', params: { steps: 4 } }))).toBe('m 1024x1024 steps=4');
    expect(priced.priceKeyOf(ask({ aspectRatio: '16:9' }))).toBe('m 16:9 steps=-');
  });

  it('without parameters of their own take the usual ones', () => {
    const usual = new Models([row('m', 'fal', {})], [provider('fal')]);
    expect(usual.of('fal', 'm')?.tell(ask({})).fields).toMatchObject({ prompt: 'a', num_images: 1 });
  });
});
