import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyJournal } from '@/lib/gateway/request/key-journal';

let folder: string;
let nowMs = 1_000_000;
const open = () => keyJournal(join(folder, 'keys.ndjson'), () => nowMs);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives back the latest line of each key, without those that did nothing', async () => {
  expect(open().load()).toEqual([]);
  await open().append({ keyHash: 'a', bodyHash: 'b', state: 'running' });
  await open().append({ keyHash: 'a', bodyHash: 'b', state: 'done', status: 200, response: 'image' });
  await open().append({ keyHash: 'c', bodyHash: 'b', state: 'running' });
  await open().append({ keyHash: 'd', bodyHash: 'b', state: 'running' });
  await open().append({ keyHash: 'd', bodyHash: 'b', state: 'nothing' });
  appendFileSync(join(folder, 'keys.ndjson'), '{"keyHash":"e","bo');
  expect(open().load()).toMatchObject([
    { keyHash: 'a', state: 'done', response: 'image' },
    { keyHash: 'c', state: 'running' },
  ]);
});

it('passes over lines that are JSON but no key', async () => {
  appendFileSync(
    join(folder, 'keys.ndjson'),
    'null\n12\n{"keyHash":"a"}\n{"keyHash":"a","bodyHash":"b","state":"?","at":1}\n',
  );
  await open().append({ keyHash: 'c', bodyHash: 'b', state: 'running' });
  expect(open().load()).toMatchObject([{ keyHash: 'c' }]);
});

it('makes its folder again when someone deleted it', async () => {
  const journal = open();
  rmSync(folder, { recursive: true });
  await journal.append({ keyHash: 'a', bodyHash: 'b', state: 'running' });
  expect(open().load()).toMatchObject([{ keyHash: 'a' }]);
});

it('forgets a key after a day', async () => {
  await open().append({ keyHash: 'a', bodyHash: 'b', state: 'running' });
  nowMs += 24 * 3_600_000 + 1;
  expect(open().load()).toEqual([]);
});
