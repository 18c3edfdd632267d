import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { scopes } from '@/lib/api/scopes';
import type { CallerStore } from '@/lib/registry/callers/caller-store';
import { addCaller, type NewCaller } from '@/lib/registry/callers/callers';
import { KnownCallers } from '@/lib/registry/callers/known-callers';

const usual: NewCaller = {
  ...{ name: 'shop', scopes: ['generate'], prefixes: [], ratePerMinute: null, validSeconds: null },
};
const added: unknown[] = [];
const store = {
  async add(caller: unknown) {
    added.push(caller);
    return 7;
  },
} as unknown as CallerStore;
const add = (wanted: Partial<NewCaller>) => addCaller(store, { ...usual, ...wanted }, 'cli:test');

describe('adding a caller', () => {
  it('answers a key of 256 random bits, and stores its digest alone', async () => {
    const { key, id, name } = await add({ scopes: ['relay', 'generate', 'generate'], prefixes: ['/kling'] });
    expect({ id, name }).toEqual({ id: 7, name: 'shop' });
    expect(Buffer.from(key.replace(/^slc_/, ''), 'base64url')).toHaveLength(32);
    expect(added.at(-1)).toMatchObject({
      ...{ scopes: ['generate', 'relay'], key: { digest: hash('sha256', key), hint: key.slice(-4) } },
    });
    expect(JSON.stringify(added)).not.toContain(key);
    expect((await add({})).key).not.toBe(key);
  });

  it.each([
    ...['Shop', '', ' shop', '1shop', 'a'.repeat(33), '__proto__', 'a\u0000', 'a/b', 'ä'].map(
      (name) => [{ name }, 'cannot be a name: small letters'] as const,
    ),
    ...['anyone', 'env-12345678', 'watchdog', 'sluice'].map((name) => [{ name }, 'kept for ourselves'] as const),
    [{ scopes: [] }, 'it needs a scope'],
    [{ scopes: [''] }, '"" is not a scope'],
    [{ scopes: ['generate', 'admin'] }, '"admin" is not a scope; they are generate,'],
    [{ scopes: ['toString'] }, '"toString" is not a scope'],
    [{ scopes: ['events:foreign'] }, 'it needs events beside it'],
    ...['generate', 'relay', 'assign'].flatMap((making) =>
      ['events:foreign', 'events:backfill'].map(
        (foreign) => [{ scopes: [making, 'events', foreign] }, 'could report a verdict on its own traffic'] as const,
      ),
    ),
    [{ prefixes: ['/kling'] }, 'it has no scope relay'],
    [{ scopes: ['events'], models: ['flux-*'] }, 'it has neither scope generate nor relay'],
    ...['', 'a b', '-a', 'a'.repeat(129)].map((model) => [{ models: [model] }, 'is no model; one is a name'] as const),
    [{ models: ['a', 'b', 'a'] }, '"a" is named twice'],
    [{ models: Array.from({ length: 65 }, (_, at) => `m${at}`) }, '65 models are too many'],
    ...['kling', '/', '/a/b', '/../x', '/A', `/${'a'.repeat(64)}`].map(
      (prefix) => [{ scopes: ['relay'], prefixes: [prefix] }, 'is not a prefix'] as const,
    ),
    ...[0, -1, 1.5, Number.NaN, 1_000_001].map((ratePerMinute) => [{ ratePerMinute }, 'is not a rate'] as const),
    ...[0, 59, 1.5, 3651 * 86_400].map((validSeconds) => [{ validSeconds }, 'may be valid for'] as const),
  ] as const)('refuses %j', async (wanted, sentence) => {
    await expect(add(wanted as Partial<NewCaller>)).rejects.toThrow(sentence);
  });

  it.each([['events', 'events:foreign', 'events:backfill'], ['generate', 'events'], ['metrics']])(
    'takes %s',
    async (...wanted) => expect((await add({ scopes: wanted })).id).toBe(7),
  );
});

describe('the callers that are known', () => {
  let nowMs = 1000;
  const known = new KnownCallers(() => nowMs);
  const caller = (name: string, keys: readonly [key: string, expiresAtMs: number | null][]) => ({
    ...{ name, scopes: new Set(scopes), ratePerMinute: null },
    keys: keys.map(([key, expiresAtMs]) => ({ digest: hash('sha256', key), expiresAtMs })),
  });

  it('are found by any of their keys, as long as it is good', () => {
    expect(known.areThere).toBe(false);
    known.learn([
      caller('shop', [
        ['one', null],
        ['two', 2000],
      ]),
      caller('app', [['three', null]]),
    ]);
    expect(known.callerOf('one')).toMatchObject({ name: 'shop' });
    expect(known.callerOf('two')?.name).toBe('shop');
    expect(known.callerOf('three')?.name).toBe('app');
    expect(known.callerOf('one')).not.toHaveProperty('keys');
    for (const odd of ['', 'on', 'one ', hash('sha256', 'one')]) expect(known.callerOf(odd)).toBeNull();
    nowMs = 2000;
    expect(known.callerOf('two')).toBeNull();
  });

  it('are there also when none of their keys is good: nobody is let in by that', () => {
    known.learn([caller('shop', [])]);
    expect(known.areThere).toBe(true);
    expect(known.callerOf('one')).toBeNull();
    known.learn([]);
    expect(known.areThere).toBe(false);
  });
});
