import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalise, primaryOf, readWeights, readWeightsValue, sameWeights, weightsText } from '@/lib/split/weights';

const rules = { registered: ['runware', 'fal', 'third'], baseline: 'fal', candidates: ['runware'] };
const add = 'they must add up to 1';
const range = 'it must be from 0 to 1';
const number = 'it must be a number from 0 to 1';

const refused: readonly (readonly [string, string])[] = [
  ['', "'' is not JSON"],
  ['{bad', "'{bad' is not JSON"],
  ['{"fal":NaN,"runware":1}', 'is not JSON'],
  ['{"fal":.9,"runware":.1}', 'is not JSON'],
  ['null', "'null' is null; weights are an object like"],
  ['[]', "'[]' is an array; weights are an object like"],
  ['"x"', '\'"x"\' is a string; weights are an object like'],
  ['1', "'1' is a number; weights are an object like"],
  ['true', "'true' is a boolean; weights are an object like"],
  ['{}', 'the weights name no provider'],
  ['{"fal":1}', 'the weights leave out runware'],
  ['{"runware":1}', 'the weights leave out fal'],
  ['{"fal":0.9,"runwear":0.1}', "'runwear' is not an arm of this split; its arms are: fal, runware, third"],
  ['{"__proto__":1,"fal":0,"runware":0}', "'__proto__' is not an arm of this split"],
  ['{"constructor":1}', "'constructor' is not an arm of this split"],
  ['{"fal":0.9,"fal":0.9,"runware":0.1}', "provider 'fal' is written twice"],
  ['{"f\\u0061l":0.5,"fal":0.5,"runware":0}', "provider 'fal' is written twice"],
  ['{"fal":"0.9","runware":0.1}', `the weight of fal is "0.9", a string; ${number}`],
  ['{"fal":null,"runware":1}', `the weight of fal is null, a null; ${number}`],
  ['{"fal":{"a":[1,"},"]},"runware":1}', 'the weight of fal is {"a":[1,"},"]}, a object'],
  ['{"fal":-0.1,"runware":1}', `the weight of fal is -0.1; ${range}`],
  ['{"fal":-1e-400,"runware":1}', `the weight of fal is -1e-400; ${range}`],
  ['{"fal":1.1,"runware":0}', `the weight of fal is 1.1; ${range}`],
  ['{"fal":1e400,"runware":0}', `the weight of fal is 1e400; ${range}`],
  ['{"fal":1,"runware":0.1}', `the weights add up to 1.1; ${add}`],
  ['{"fal":0.8,"runware":0.1}', `the weights add up to 0.9; ${add}`],
  ['{"fal":0,"runware":0}', `the weights add up to 0; ${add}`],
  ['{"fal":1,"runware":0.000002}', `the weights add up to 1.000002; ${add}`],
];

describe('readWeights', () => {
  it.each(refused)('refuses %s', (text, sentence) => {
    const reading = readWeights(text, rules);
    expect(reading.ok ? 'accepted' : reading.sentence).toContain(sentence);
  });

  it.each([
    ['{"fal":0.9,"runware":0.1}', { fal: 0.9, runware: 0.1 }],
    [' {\n"runware" : 0.1 , "fal" : 9e-1 } ', { fal: 0.9, runware: 0.1 }],
    ['{"fal":1,"runware":-0}', { fal: 1, runware: 0 }],
    ['{"fal":0.8999999999999999,"runware":0.1}', { fal: 0.9, runware: 0.1 }],
    ['{"fal":0.7,"runware":0.2,"third":0.1}', { fal: 0.7, runware: 0.2, third: 0.1 }],
    ['{"fal":1,"runware":0.000001}', { fal: 1, runware: 0.000001 }],
    ['{"fal":0.999999,"runware":0}', { fal: 0.999999, runware: 0 }],
  ])('accepts %s', (text, weights) => {
    const reading = readWeights(text, rules);
    expect(reading).toEqual({ ok: true, weights });
    expect(reading.ok && Object.is(reading.weights.runware, -0)).toBe(false);
  });

  it('refuses more than 4096 characters, and takes exactly 4096', () => {
    const text = '{"fal":1,"runware":0}'.padEnd(4096);
    expect(readWeights(text, rules).ok).toBe(true);
    expect(readWeights(`${text} `, rules)).toEqual({
      ok: false,
      sentence: 'the weights are 4097 characters long; at most 4096 are allowed',
    });
  });

  it('repeats at most 64 characters of what it was given', () => {
    const reading = readWeights(`{"${'x'.repeat(3000)}":1}`, rules);
    expect(reading.ok ? '' : reading.sentence).toContain(`'${'x'.repeat(64)}' is not an arm of this split`);
  });

  it('never throws and accepts nothing that does not add up', () => {
    const share = fc.oneof(fc.double(), fc.constant('0.5'), fc.constant(null), fc.integer({ min: -2, max: 2 }));
    const value = fc.dictionary(fc.constantFrom('fal', 'runware', 'third', '__proto__'), share);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), value.map(stringify)), (text) => {
        const reading = readWeights(text, rules);
        if (!reading.ok) return;
        const total = Object.values(reading.weights).reduce((sum, each) => sum + each, 0);
        expect(Math.abs(total - 1)).toBeLessThan(1.01e-6);
      }),
    );
  });
});

function stringify(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

describe('readWeightsValue', () => {
  it.each([
    [undefined, 'the weights are missing'],
    [null, "'null' is null"],
    [[], "'[]' is an array"],
    [{}, 'name no provider'],
    [{ fal: Number.NaN, runware: 1 }, 'the weight of fal is NaN'],
    [{ fal: Number.POSITIVE_INFINITY, runware: 0 }, 'the weight of fal is Infinity'],
    [{ fal: '0.9', runware: 0.1 }, 'the weight of fal is "0.9", a string'],
  ])('refuses %j', (value, sentence) => {
    const reading = readWeightsValue(value, rules);
    expect(reading.ok ? 'accepted' : reading.sentence).toContain(sentence);
  });

  it('accepts what readWeights accepts', () => {
    expect(readWeightsValue({ runware: 0.1, fal: 0.9 }, rules)).toEqual(
      readWeights('{"fal":0.9,"runware":0.1}', rules),
    );
  });
});

describe('arithmetic', () => {
  it('normalises -0, dust and order', () => {
    expect(weightsText({ runware: -0, fal: 0.7 + 0.2 + 0.1 })).toBe('{"fal":1,"runware":0}');
    expect(Object.keys(normalise({ b: 0.5, a: 0.5 }))).toEqual(['a', 'b']);
  });

  it('treats a provider left out as one with weight 0', () => {
    expect(sameWeights({ fal: 1 }, { fal: 1, runware: 0 })).toBe(true);
    expect(sameWeights({ fal: 0.9, runware: 0.1 }, { fal: 0.9, runware: 0.1 + 1e-12 })).toBe(true);
    expect(sameWeights({ fal: 0.9, runware: 0.1 }, { fal: 0.89, runware: 0.11 })).toBe(false);
  });

  it('calls the largest share primary, the baseline on a tie', () => {
    expect(primaryOf({ fal: 0.9, runware: 0.1 }, 'fal')).toBe('fal');
    expect(primaryOf({ fal: 0.5, runware: 0.5 }, 'fal')).toBe('fal');
    expect(primaryOf({ fal: 0.49, runware: 0.51 }, 'fal')).toBe('runware');
    // However the row was written: the first by name, of two that have as much.
    expect(primaryOf({ zeta: 0.4, alpha: 0.4, fal: 0.2 }, 'fal')).toBe('alpha');
    expect(primaryOf({}, 'fal')).toBe('fal');
  });
});
