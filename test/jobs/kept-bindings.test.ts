import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeptBindings } from '@/lib/jobs/kept-bindings';
import type { CreateEnd } from '@/lib/jobs/order-writes';

let folder: string;
const path = () => join(folder, 'jobs.ndjson');
const end = (id: string) =>
  ({ id, state: 'accepted', upstream_id: id, upstream: {}, attempts: [], ago_ms: 0 }) as unknown as CreateEnd;

/** A run of the process; `isThere`: whether the store takes anything. `poison` it never does. */
function run(isThere: () => boolean) {
  const told: unknown[] = [];
  const bindings = new KeptBindings({
    ...{ path: path(), now: Date.now, warn: (...said) => told.push(said) },
    async settle({ id }) {
      if (!isThere()) throw new Error('away');
      if (id === 'poison') throw Object.assign(new Error('a row with a secret in it'), { code: '23514' });
      told.push(id);
      return true;
    },
  });
  return { bindings, told };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-bindings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('what is kept behind a line that was torn is known to the next run', async () => {
  const first = run(() => false);
  await first.bindings.keep(end('a'));
  first.bindings.stop();
  appendFileSync(path(), '{"end":{"id":"torn"');
  const second = run(() => false);
  await second.bindings.load();
  await second.bindings.keep(end('b'));
  second.bindings.stop();
  const third = run(() => true);
  await third.bindings.load();
  await third.bindings.replay();
  expect(third.told).toEqual(['a', 'b']);
  expect(third.bindings.size).toBe(0);
});

it('a whole last line counts without its end', async () => {
  const first = run(() => false);
  await first.bindings.keep(end('a'));
  first.bindings.stop();
  truncateSync(path(), statSync(path()).size - 1);
  const second = run(() => true);
  await second.bindings.load();
  await second.bindings.keep(end('b'));
  await second.bindings.replay();
  expect(second.told).toEqual(['a', 'b']);
});

it('what the store refuses for what is in it is said once, with its id at the vendor, and not tried again', async () => {
  let isThere = false;
  const first = run(() => isThere);
  await first.bindings.keep(end('poison'));
  await first.bindings.keep(end('a'));
  await first.bindings.replay();
  expect([first.bindings.size, first.told]).toEqual([2, []]);
  isThere = true;
  await first.bindings.replay();
  first.bindings.stop();
  expect(first.bindings.size).toBe(0);
  expect(first.told).toEqual([
    'a',
    [{ job: 'poison', upstream_id: 'poison', code: '23514' }, expect.stringMatching(/not bound: the database refuses/)],
  ]);
  const second = run(() => true);
  await second.bindings.load();
  expect(second.bindings.size).toBe(0);
});
