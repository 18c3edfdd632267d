import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { accessFile } from '@/lib/registry/access-file';
import { callerStore } from '@/lib/registry/callers/caller-store';
import { addCaller } from '@/lib/registry/callers/callers';
import { FollowAccess } from '@/lib/registry/follow-access';
import { type TestDatabase, testDatabase } from '@/test/support/database';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'sluice-access-'));
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

it('has written what it was reading when it has stopped, and touches nothing afterwards', async () => {
  const file = accessFile(join(folder, 'access.json'), 'own');
  const heard: string[][] = [];
  const onChange = ({ callers }: { callers: readonly { name: string }[] }) => heard.push(callers.map((c) => c.name));
  const follow = new FollowAccess({ sql: database.sql, file, log: createLog('silent', {}), onChange });
  await follow.start();
  const usual = { scopes: ['generate'], prefixes: [], ratePerMinute: null, validSeconds: null };
  const add = (name: string) => addCaller(callerStore(database.sql), { ...usual, name }, 'cli:test');
  await add('shop');
  follow.heard(1_000_000);
  await follow.stop();
  expect(heard).toEqual([[], ['shop']]);
  expect(file.read()?.callers.map(({ name }) => name)).toEqual(['shop']);
  await add('late');
  follow.heard(1_000_001);
  await follow.stop();
  expect(heard).toHaveLength(2);
  expect(file.read()?.callers.map(({ name }) => name)).toEqual(['shop']);
});
