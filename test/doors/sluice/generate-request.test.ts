import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readGenerate } from '@/lib/doors/sluice/generate';
import { generateBody, wantedOf } from '@/lib/doors/sluice/generate-request';
import { parse } from '@/lib/http/body/read-fields';

const values = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', ' ', 'png', 'a fox', '16:9', 'x'.repeat(300), '\ud800', 'a\0b'),
  fc.constantFrom<unknown>(0, 1, 7, 10, 63, 64, 500, 501, 512, 8192, 8193, 0.5, 3.5, -1, 1e300, 2 ** 53),
  fc.constantFrom<unknown>([], {}, ['https://example.com/a.png'], 'https://example.com/a.png', [{ model: 'a:b@1' }]),
);
const names = fc.constantFrom(
  ...['prompt', 'model', 'width', 'height', 'aspect_ratio', 'n', 'user', 'split', 'negative_prompt', 'seed', 'steps'],
  ...['guidance', 'output_format', 'image', 'mask', 'strength', 'loras', 'safety', 'provider_options'],
  ...['knob', 'x_1', 'constructor', 'Knob', '_x', 'a-b', '__proto__', 'k'.repeat(65)],
);
const bodies = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(names, values), { maxLength: 8 }))
  .map(([isWorded, pairs]) =>
    JSON.parse(`{${[...(isWorded ? [['prompt', 'a fox'] as const] : []), ...pairs].map(textOf).join(',')}}`),
  );

function textOf([name, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function outcome(read: () => unknown): unknown {
  try {
    return { read: read() };
  } catch (error) {
    return { refused: String(error) };
  }
}

it('reads a body as its schema does, the short way and the long', () => {
  fc.assert(
    fc.property(bodies, (body) => {
      const byItsSchema = outcome(() => wantedOf(parse(generateBody, body)));
      expect(outcome(() => readGenerate(body))).toEqual(byItsSchema);
    }),
    { numRuns: 2000 },
  );
});

it('reads twenty parameters of one value each', () => {
  const knobs = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`knob_${i}`, i / 4]));
  const params = { ...knobs, seed: 7, guidance: 3.5, safety: false, negative_prompt: 'dogs' };
  expect(readGenerate({ prompt: 'a fox', n: 2, ...params })).toEqual({ prompt: 'a fox', n: 2, user: null, params });
});
