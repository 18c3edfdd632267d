import { describe, expect, it } from 'vitest';
import { withLastGood } from '@/lib/registry/last-good';
import { parseRegistry } from '@/lib/registry/read-registry';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { filmRules } from '@/test/support/own-dialect';

const [gen] = shippedRegistry.splits;
const document = (more: object = {}) => ({ ...structuredClone(shippedRegistry), version: 7, ...more });

describe('the registry as the database writes it', () => {
  it('is read whole', () => {
    expect(parseRegistry(document())).toEqual({ ...shippedRegistry, version: 7, faults: [] });
  });

  it.each([
    [
      'a kind nobody knows',
      { ...gen, key: 'X_WEIGHTS', kind: 'sound' },
      'The split X_WEIGHTS is not used as it stands: kind:',
    ],
    ['arms that are none', { ...gen, key: 'X_WEIGHTS', arms: { fal: 1 } }, 'The split X_WEIGHTS is not used'],
    ['no object', 5, 'The split ? is not used'],
    ['a key that is a number', { ...gen, key: 5 }, 'The split ? is not used as it stands: key:'],
  ])('one broken entry takes no other with it: %s', (_, broken, sentence) => {
    const reading = parseRegistry(document({ splits: [gen, broken] }));
    expect(reading.splits).toEqual([gen]);
    expect(reading.faults).toMatchObject([{ of: 'split', sentence: expect.stringContaining(sentence) }]);
  });

  it('keeps dialects over a file and back, and one that cannot be read is as it was last', () => {
    const entry = { name: 'film', rules: filmRules };
    const before = parseRegistry(JSON.parse(JSON.stringify(document({ dialects: [entry] }))));
    expect(before.dialects).toMatchObject([entry]);
    expect(parseRegistry(JSON.parse(JSON.stringify(before))).dialects).toEqual(before.dialects);
    const now = parseRegistry(document({ dialects: [{ name: 'film', rules: {} }] }));
    expect(now.dialects).toEqual([]);
    expect(withLastGood(now, before).dialects).toEqual(before.dialects);
    const { dialects: _, ...earlier } = document();
    expect(parseRegistry(earlier).dialects).toEqual([]);
  });

  it.each([[null], [undefined], ['{}'], [[]], [{ version: 'x', splits: [], providers: [], models: [] }]])(
    'what is no registry is refused: %j',
    (given) => {
      expect(() => parseRegistry(given)).toThrow('The registry cannot be read');
    },
  );

  it('a name of an object’s own is a name like any other', () => {
    const arms = [{ name: '__proto__', provider: 'constructor', model: null, params: {} }];
    const reading = parseRegistry(document({ splits: [{ ...gen, arms }] }));
    expect(reading.splits[0]?.arms).toEqual(arms);
  });
});
