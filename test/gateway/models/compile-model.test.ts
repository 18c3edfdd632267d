import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledModel, compileModel } from '@/lib/gateway/models/compile-model';
import { rounded } from '@/lib/gateway/models/compile-rule';
import { compileSize } from '@/lib/gateway/models/compile-size';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { falRules, row, runwareRules } from './rows';

function compiled(provider: string, params: Record<string, unknown>, more = {}): CompiledModel {
  const model = compileModel(row('m', provider, params, more), provider);
  if (typeof model === 'string') throw new Error(model);
  return model;
}
const fal = compiled('fal', falRules);
const runware = compiled('runware', runwareRules);
const ask = (more: Partial<ImageRequest> = {}): ImageRequest => ({ prompt: 'a cat', n: 1, requestId: 'r', ...more });
const lost = (model: CompiledModel, more: Partial<ImageRequest>) =>
  model.lostOf(ask(more)).map(({ field, why }) => `${field} ${why}`);

describe('a request in the words of a provider', () => {
  it('that says next to nothing gets what is usual there', () => {
    expect(fal.tell(ask()).fields).toEqual({
      prompt: 'a cat',
      num_images: 1,
      image_size: { width: 1024, height: 1024 },
      output_format: 'jpeg',
      enable_safety_checker: true,
    });
    expect(runware.tell(ask()).fields).toEqual({
      positivePrompt: 'a cat',
      numberResults: 1,
      width: 1024,
      height: 1024,
      outputFormat: 'JPG',
    });
  });

  it('is renamed, scaled and put where it belongs', () => {
    const params = {
      negative_prompt: 'dogs',
      seed: 7,
      steps: 20,
      guidance: 3.5,
      output_format: 'png',
      safety: false,
      strength: 0.25,
      image: ['https://a.example/1.png'],
      loras: [{ model: 'civitai:1@2', scale: 0.5 }],
    };
    const request = ask({ params, width: 512, height: 768 });
    expect(runware.lostOf(request)).toEqual([]);
    expect(runware.tell(request).fields).toEqual({
      positivePrompt: 'a cat',
      numberResults: 1,
      width: 512,
      height: 768,
      negativePrompt: 'dogs',
      seed: 7,
      steps: 20,
      CFGScale: 7,
      outputFormat: 'PNG',
      safety: { checkContent: false },
      strength: 0.75,
      inputs: { references: ['https://a.example/1.png'] },
      lora: [{ model: 'civitai:1@2', weight: 0.5 }],
    });
    expect(runware.tell(request).mapped).toEqual(['guidance', 'output_format', 'strength']);
  });

  it.each<[Partial<ImageRequest>, string[]]>([
    [{ params: { negative_prompt: 'dogs' } }, ['negative_prompt is not taken']],
    [{ params: { steps: 51 } }, ['steps must be a whole number from 1 to 50']],
    [{ params: { steps: 2.5 } }, ['steps must be a whole number from 1 to 50']],
    [{ params: { output_format: 'webp' } }, ['output_format must be one of jpeg, png']],
    [{ params: { output_format: 'toString' } }, ['output_format must be one of jpeg, png']],
    [
      { params: { loras: [{ model: 'civitai:1@2' }] } },
      ['loras must be at most 3, each named by URL, with a scale from -4 to 4'],
    ],
    [{ params: { image: ['https://a.example/1', 'https://a.example/2'] } }, ['image must be one image']],
    [{ n: 5 }, ['n must be a whole number from 1 to 4']],
    [{ width: 63, height: 64 }, ['size must have sides from 64 to 4096']],
    [{ prompt: null }, ['prompt is required']],
    [{ prompt: 'x'.repeat(1001) }, ['prompt must be at most 1000 characters']],
    [{ raw: { adapter: 'runware', fields: { scheduler: 'x' } } }, ['scheduler is known to runware alone']],
    [{ raw: { adapter: 'fal', fields: { acceleration: 'none' } } }, []],
  ])('%j loses %j', (more, sentences) => {
    expect(lost(fal, more)).toEqual(sentences);
  });

  it('takes a whole ratio where sides are sent, by their steps', () => {
    expect(runware.tell(ask({ aspectRatio: '16:9' })).fields).toMatchObject({ width: 1344, height: 768 });
    expect(fal.tell(ask({ aspectRatio: '16:9' })).fields).toMatchObject({ image_size: { width: 1365, height: 768 } });
    expect(runware.tell(ask({ aspectRatio: '16:9' })).mapped).toEqual(['aspect_ratio']);
    expect(lost(runware, { aspectRatio: '21:1' })).toHaveLength(1);
  });

  it('takes only the ratios, or the sizes, that a model has', () => {
    const ratios = compiled('fal', {
      prompt: 'prompt',
      size: { as: 'ratio', to: 'aspect_ratio', values: { '1:1': '1024x1024', '16:9': '' } },
    });
    expect(ratios.tell(ask()).fields).toEqual({ prompt: 'a cat', aspect_ratio: '1:1' });
    expect(ratios.tell(ask({ width: 1024, height: 1024 })).fields).toMatchObject({ aspect_ratio: '1:1' });
    expect(ratios.tell(ask({ aspectRatio: '16:9' })).fields).toMatchObject({ aspect_ratio: '16:9' });
    expect(lost(ratios, { width: 512, height: 512 })[0]).toContain('must be one of the ratios 1:1, 16:9');
    const names = compiled('openai', {
      prompt: 'prompt',
      size: { as: 'names', to: 'size', values: { '1536x1024': 'wide' } },
    });
    expect(names.tell(ask()).fields).toEqual({ prompt: 'a cat' });
    expect(names.tell(ask({ aspectRatio: '3:2' })).fields).toMatchObject({ size: 'wide' });
    expect(names.read({ size: 'wide' }).size).toEqual({ width: 1536, height: 1024 });
    expect(lost(names, { width: 1024, height: 1024 })).toEqual(['size must be one of 1536x1024']);
  });

  it('keeps what is fixed, and merges what is for this provider alone', () => {
    const upscale = compiled(
      'runware',
      { image: { to: 'inputs.image', required: true } },
      { fixed: { taskType: 'imageUpscale' } },
    );
    expect(lost(upscale, { prompt: null })).toEqual(['image is required']);
    const image = ['data:image/png;base64,AAAA'];
    const options = { runware: { inputs: { scale: 2 } }, fal: { never: 1 } };
    expect(upscale.tell(ask({ prompt: null, params: { image }, options })).fields).toEqual({
      taskType: 'imageUpscale',
      inputs: { image: image[0], scale: 2 },
    });
    expect(lost(upscale, { params: { image } })).toEqual(['prompt is not taken']);
  });

  it('without a usable rule is no model, and says where', () => {
    expect(compileModel(row('m', 'fal', { seed: { from: 'seed' } }), 'fal')).toContain('params.seed');
    expect(compileModel(row('m', 'fal', { size: { as: 'round' } }), 'fal')).toContain('params.size');
  });
});

const params = fc.record(
  {
    negative_prompt: fc.string({ minLength: 1 }),
    seed: fc.nat(),
    steps: fc.integer({ min: 1, max: 120 }),
    guidance: fc.double({ min: 0, max: 60, noNaN: true }).map((value) => Math.round(value * 100) / 100),
    output_format: fc.constantFrom('png', 'jpeg', 'webp'),
    safety: fc.boolean(),
    strength: fc.integer({ min: 0, max: 100 }).map((value) => value / 100),
    image: fc.array(fc.constantFrom('https://a.example/1.png', 'data:image/png;base64,AAAA'), {
      minLength: 1,
      maxLength: 6,
    }),
    loras: fc.array(
      fc.record({ model: fc.constantFrom('civitai:1@2', 'https://a.example/x'), scale: fc.constantFrom(0.5, 1, 5) }),
      { minLength: 1, maxLength: 4 },
    ),
    quality: fc.constantFrom('low', 'high'),
  },
  { requiredKeys: [] },
);
const sizes = fc.oneof(
  fc.constant({}),
  fc.record({ width: fc.integer({ min: 64, max: 4200 }), height: fc.integer({ min: 1, max: 64 }).map((k) => k * 64) }),
);

describe('a model that makes certain sizes only', () => {
  const size = compileSize({
    ...{ as: 'sides', width: 'w', height: 'h' },
    values: ['1536x640', '1024x1024', '2048x2048', '832x1248', '1664x2496'],
  });
  const written = (asked: object) => {
    const into = {};
    size.write(asked, into);
    return into;
  };

  it('makes those, and of a ratio the one nearest to a megapixel', () => {
    expect(size.whyNot({ width: 2048, height: 2048 })).toBeNull();
    expect(written({ width: 2048, height: 2048 })).toEqual({ w: 2048, h: 2048 });
    expect(written({ aspectRatio: '2:3' })).toEqual({ w: 832, h: 1248 });
    expect(written({})).toEqual({ w: 1024, h: 1024 });
    expect(size.read({ w: 832, h: 1248, more: 1 })).toEqual({ size: { width: 832, height: 1248 }, rest: { more: 1 } });
  });

  it('makes no others, though their sides stand in the list', () => {
    const why = 'must be one of 1536x640, 1024x1024, 2048x2048, 832x1248, 1664x2496';
    expect(size.whyNot({ width: 1024, height: 1248 })).toBe(why);
    expect(size.whyNot({ aspectRatio: '16:9' })).toBe(`${why}, and none of them make 16:9`);
    expect(size.read({ w: 1024, h: 1248 })).toBeNull();
  });
});

describe('any request', () => {
  it.each([['fal', fal] as const, ['runware', runware] as const])(
    'at %s: what leaves, read back, is what came in, or the loss is named',
    (_, model) => {
      fc.assert(
        fc.property(params, sizes, fc.integer({ min: 1, max: 10 }), (said, size, n) => {
          const request = ask({ params: said, n, ...size });
          const named = model.lostOf(request);
          const gone = new Set(named.map(({ field }) => field));
          if (gone.has('n')) return;
          const back = model.read(model.tell(request, named).fields);
          expect([back.prompt, back.n, back.rest]).toEqual([request.prompt, n, {}]);
          if (!gone.has('size') && 'width' in size) expect(back.size).toEqual(size);
          for (const [name, value] of Object.entries(said)) {
            if (gone.has(name)) expect([name, back.params[name]]).not.toEqual([name, value]);
            else expect([name, back.params[name]]).toEqual([name, value]);
          }
        }),
        { numRuns: 500 },
      );
    },
  );
});

it('says of the same values that they are kept as those that it writes unchanged', () => {
  const written = {
    ...{ knob: { type: 'number', times: 2, plus: 1 }, same: { type: 'number' }, words: { type: 'text' } },
    ...{ format: { values: { png: 'PNG', webp: 'webp' } }, flag: { type: 'flag', values: { true: 1, false: false } } },
  };
  const given = { knob: [-1, 0, 0.5], same: [3], words: ['a'], format: ['png', 'webp'], flag: [true, false] };
  const model = compiled('fal', { prompt: 'prompt', ...written });
  for (const [name, values] of Object.entries(given)) {
    for (const value of values) {
      const request = ask({ params: { [name]: value } });
      const isMapped = model.tell(request).fields[name] !== value;
      expect([name, value, model.tell(request).mapped]).toEqual([name, value, isMapped ? [name] : []]);
    }
  }
});

it('puts several parameters into one object, and changes neither its row nor the request', () => {
  const fixed = { set: { a: 1 } };
  const tree = { c: 1 };
  const inRow = compiled('fal', { prompt: 'prompt', b: { to: 'set.b', type: 'number' } }, { fixed });
  expect(inRow.tell(ask({ params: { b: 2 } })).fields.set).toEqual({ a: 1, b: 2 });
  const inside = compiled('fal', { prompt: 'prompt', set: { to: 'set' }, d: { to: 'set.d', type: 'number' } });
  expect(inside.tell(ask({ params: { set: tree, d: 2 } })).fields.set).toEqual({ c: 1, d: 2 });
  const alone = compiled('fal', { prompt: 'prompt', a: { to: 'x.a' }, b: { to: 'x.y.b' }, c: { to: 'x.y.c' } });
  expect(alone.tell(ask({ params: { a: 1, b: 2, c: 3 } })).fields.x).toEqual({ a: 1, y: { b: 2, c: 3 } });
  expect([fixed, tree]).toEqual([{ set: { a: 1 } }, { c: 1 }]);
});

it('rounds to twelve digits', () => {
  const near = fc
    .tuple(fc.integer({ min: -1e7, max: 1e7 }), fc.integer({ min: 0, max: 8 }))
    .map(([a, b]) => a / 10 ** b);
  const some = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    near,
    fc.tuple(near, near).map(([a, b]) => a * b),
  );
  fc.assert(
    fc.property(some, (value) => {
      expect(rounded(value)).toBe(Number(value.toPrecision(12)));
    }),
    {
      examples: [[0.1 * 3], [0.7 * 2 + 1], [1e-13], [999999.9999999]],
    },
  );
});
