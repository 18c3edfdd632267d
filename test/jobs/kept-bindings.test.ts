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

/** A run of the process; `isThere`: whether the store takes anything. */
function run(isThere: () => boolean) {
  const told: string[] = [];
  const bindings = new KeptBindings({
    ...{ path: path(), now: Date.now, warn: (_, sentence) => told.push(sentence) },
    async settle({ id }) {
      if (!isThere()) throw new Error('away');
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
