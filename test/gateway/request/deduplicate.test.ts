import { describe, expect, it } from 'vitest';
import { Deduplicator, type End } from '@/lib/gateway/request/deduplicate';
import type { IdempotencyClaim, IdempotencyStore } from '@/lib/gateway/request/idempotency-store';
import type { JournaledKey } from '@/lib/gateway/request/key-journal';

const key = { keyHash: 'k', bodyHash: 'b', requestId: 'r' };
const done = (response: string): End<string> => ({ state: 'done', status: 200, response });

function make(claim: (() => Promise<IdempotencyClaim>) | null) {
  const finished: string[] = [];
  const store: IdempotencyStore | null = claim && {
    claim,
    finish: async (_key, { state }) => void finished.push(state),
    release: async () => void finished.push('released'),
  };
  const later: string[] = [];
  const parts = { store, journal: null, later: (what: string) => void later.push(what), givenUpAfterMs: 65_000 };
  const within = <T>(_ms: number, call: Promise<T>) => call;
  return { dedupe: new Deduplicator({ ...parts, within }), finished, later };
}

describe('a request with an idempotency key', () => {
  it('runs once it is claimed, and its end is written down', async () => {
    const { dedupe, finished } = make(async () => ({ kind: 'claimed' }));
    expect(await dedupe.run(key, async () => done('image'))).toMatchObject({ kind: 'fresh', keptIn: 'store' });
    expect(finished).toEqual(['done']);
  });

  it.each<[IdempotencyClaim, string]>([
    [{ kind: 'running', ageMs: 65_000 }, 'running'],
    [{ kind: 'running', ageMs: 65_001 }, 'unknown'],
    [{ kind: 'unknown' }, 'unknown'],
    [{ kind: 'mismatch' }, 'mismatch'],
    [{ kind: 'done', status: 200, response: 'image' }, 'replayed'],
  ])('never runs when the store says %j', async (claim, kind) => {
    const { dedupe } = make(async () => claim);
    const never = () => Promise.reject(new Error('ran'));
    expect(await dedupe.run(key, never)).toMatchObject({ kind, keptIn: 'store' });
  });

  it('is kept in memory when the store does not answer, and replayed from there', async () => {
    const { dedupe } = make(() => Promise.reject(new Error('away')));
    expect(await dedupe.run(key, async () => done('image'))).toMatchObject({ kind: 'fresh', keptIn: 'memory' });
    const never = () => Promise.reject(new Error('ran'));
    expect(await dedupe.run(key, never)).toMatchObject({ kind: 'replayed', response: 'image', keptIn: 'memory' });
    expect(await dedupe.run({ ...key, bodyHash: 'other' }, never)).toMatchObject({ kind: 'mismatch' });
  });

  it('runs once beside itself', async () => {
    const { dedupe } = make(null);
    const ran: number[] = [];
    const work = async () => {
      ran.push(1);
      return done('image');
    };
    const outcomes = await Promise.all([dedupe.run(key, work), dedupe.run(key, work)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['fresh', 'running']);
    expect(ran).toHaveLength(1);
  });

  it('is replayed to two at once when another process has made it', async () => {
    const { dedupe } = make(async () => ({ kind: 'done', status: 200, response: 'image' }));
    const never = () => Promise.reject(new Error('ran'));
    const outcomes = await Promise.all([1, 2, 3].map(() => dedupe.run(key, never)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['replayed', 'replayed', 'replayed']);
  });

  it('frees the key when nothing was done, also when the work throws', async () => {
    const { dedupe, finished, later } = make(async () => ({ kind: 'claimed' }));
    await dedupe.run(key, async () => ({ ...done(''), state: 'nothing' }));
    expect(finished).toEqual(['released']);
    await expect(dedupe.run(key, () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    expect(later).toEqual(['release']);
    expect(await dedupe.run(key, async () => done('image'))).toMatchObject({ kind: 'fresh' });
  });

  it('writes the end later when the store went away meanwhile', async () => {
    const later: string[] = [];
    const away = () => Promise.reject(new Error('away'));
    const dedupe = new Deduplicator({
      journal: null,
      store: { claim: async () => ({ kind: 'claimed' }), finish: away, release: away },
      within: (_ms, call) => call,
      later: (what) => void later.push(what),
      givenUpAfterMs: 65_000,
    });
    await dedupe.run(key, async () => done('image'));
    expect(later).toEqual(['finish']);
  });

  it('is written down on disk while the store is away: what a dead process began is never begun again', async () => {
    const lines: JournaledKey[] = [];
    const journal = { load: () => lines.slice(-1), append: async (line: JournaledKey) => void lines.push(line) };
    const parts = { store: null, journal, later: () => undefined, givenUpAfterMs: 65_000 };
    const within = <T>(_ms: number, call: Promise<T>) => call;
    const never = () => Promise.reject(new Error('ran'));
    await new Deduplicator({ ...parts, within }).run(key, async () => done('image'));
    expect(lines.map(({ state }) => state)).toEqual(['running', 'done']);
    const next = new Deduplicator({ ...parts, within });
    expect(await next.run(key, never)).toMatchObject({ kind: 'replayed', response: 'image', keptIn: 'memory' });
    lines.splice(1);
    const afterCrash = new Deduplicator({ ...parts, within });
    expect(await afterCrash.run(key, never)).toMatchObject({ kind: 'unknown', keptIn: 'memory' });
  });
});
