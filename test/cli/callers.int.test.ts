import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const sluice = (...args: string[]) => sluiceLine(['callers', ...args], { databaseUrl: database.url });

describe('sluice callers', () => {
  it('adds one, shows its key once, and keeps only the digest of it', async () => {
    const added = await sluice(
      'add',
      'shop',
      '--scopes',
      'generate,relay',
      '--prefix',
      '/kling',
      '--model',
      'kling-*',
      '--rate',
      '600',
      '--expires',
      '90d',
    );
    const key = /^slc_[\w-]{43}$/m.exec(added.stdout)?.[0] ?? '';
    expect(added.stderr).toContain('this writes to');
    expect(key).not.toBe('');
    const [row] = await database.sql`
      select c.*, k.key_hash, k.hint, k.created_by as key_by, k.expires_at - k.created_at > interval '89 days' as is_long
      from sluice.callers c join sluice.caller_keys k on k.caller = c.name`;
    expect(row).toMatchObject({
      ...{
        name: 'shop',
        scopes: ['generate', 'relay'],
        prefixes: ['/kling'],
        models: ['kling-*'],
        rate_per_minute: 600,
        is_long: true,
      },
      ...{ key_hash: createHash('sha256').update(key).digest('hex'), hint: key.slice(-4) },
    });
    expect(row?.key_by).toMatch(/^cli:/);
    const journal =
      await database.sql`select j.verb, j.becomes from sluice.journal j where j.flag_key = 'sluice.registry' order by j.seq`;
    expect(journal.map(({ verb }) => verb)).toEqual(['caller_add', 'caller_key_add']);
    expect(JSON.stringify(journal)).not.toMatch(new RegExp(`${key}|${row?.key_hash}`));
    const listed = await sluice('list');
    expect(listed.stdout).toMatch(/shop +\| generate,relay +\| 600\/min \/kling kling-\*/);
    expect(listed.stdout).not.toContain(key);
  });

  it('limits what it may spend, and says what it has', async () => {
    const limited = await sluice('limit', 'shop', '--spend-per-day', '50', '--in-flight', '20', '--yes');
    expect(limited.stdout).toContain('Jobs of shop: at most 50 USD a day, 20 in flight, from now on.');
    const shown = await sluice('show', 'shop');
    expect(shown.stdout).toContain('together      0 USD a day, at most 50');
    expect(shown.stdout).toContain('begun today   0 jobs, not limited');
    expect((await sluice('list')).stdout).toContain('0 of 50 USD, 0 of 20 in flight');
    await sluice('limit', 'shop', '--yes');
    expect(await database.sql`select c.quota from sluice.callers c`).toEqual([{ quota: {} }]);
  });

  it('changes what it may ask for', async () => {
    const allowed = await sluice('allow', 'shop', '--model', 'kling-*', '--model', 'kling-v1', '--yes');
    expect(allowed.stdout).toContain('shop may ask for kling-*, kling-v1, from now on.');
    expect((await sluice('show', 'shop')).stdout).toContain('kling-* kling-v1');
    expect((await sluice('allow', 'shop', '--yes')).stdout).toContain('shop may ask for every model, from now on.');
  });

  it('changes its scopes, relays and rate at once, and what is not named stays', async () => {
    const rights = () =>
      database.sql`select c.scopes, c.prefixes, c.models, c.rate_per_minute as rate from sluice.callers c`;
    await sluice('allow', 'shop', '--model', 'kling-*', '--rate', '60', '--yes');
    expect(await rights()).toEqual([
      { scopes: ['generate', 'relay'], prefixes: ['/kling'], models: ['kling-*'], rate: 60 },
    ]);
    const alone = await sluice('allow', 'shop', '--scopes', 'events', '--yes');
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining('it has no scope relay') });
    const events = ['--scopes', 'events', '--prefix', 'every', '--model', 'every', '--rate', 'none'];
    const done = await sluice('allow', 'shop', ...events, '--yes', '--json');
    expect(JSON.parse(done.stdout)).toMatchObject({
      ...{ name: 'shop', scopes: ['events'], prefixes: [], models: [], rate_per_minute: null },
    });
    expect(await rights()).toEqual([{ scopes: ['events'], prefixes: [], models: [], rate: null }]);
    const [last] = await database.sql<{ verb: string; becomes: string }[]>`
      select j.verb, j.becomes::text from sluice.journal j where j.flag_key = 'sluice.registry' order by j.seq desc`;
    expect(last).toMatchObject({ verb: 'caller_change', becomes: expect.stringContaining('events') });
    await sluice('allow', 'shop', '--scopes', 'generate', '--yes');
  });

  it('gives it another key, and revokes one or all', async () => {
    const rotated = JSON.parse((await sluice('rotate', 'shop', '--json')).stdout);
    expect(rotated).toMatchObject({ name: 'shop', key: expect.stringMatching(/^slc_/) });
    const [{ id: first }] = JSON.parse((await sluice('list', '--json')).stdout).callers[0].keys;
    const one = JSON.parse((await sluice('revoke', 'shop', '--key', String(first), '--yes', '--json')).stdout);
    expect(one).toMatchObject({ name: 'shop', revoked: [first] });
    const all = await sluice('revoke', 'shop', '--yes');
    expect(all.stdout).toContain(`Key ${rotated.id} of shop: no web process takes it any more`);
    const none = await sluice('revoke', 'shop', '--yes');
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('shop has no key that works');
  });

  it.each([
    [['add', 'shop'], 4, 'There is a caller shop already'],
    [['add', 'b', '--scopes', 'generate,events,events:foreign'], 1, 'could report a verdict on its own traffic'],
    [['add', 'b', '--rate', '1.5'], 2, '--rate is "1.5"'],
    [['add', 'b', '--expires', 'never'], 2, '--expires is "never"'],
    [['limit', 'shop', '--spend-per-day', '-1', '--yes'], 2, '--spend-per-day'],
    [['allow', 'shop', '--model', 'a b', '--yes'], 1, '"a b" is no model; one is a name or a glob'],
    [['allow', 'shop', '--scopes', 'admin', '--yes'], 1, 'Nothing was changed: "admin" is not a scope'],
    [['allow', 'shop', '--rate', 'many', '--yes'], 2, '--rate is "many"'],
    [['limit', 'nobody', '--yes'], 1, 'There is no caller nobody'],
    [['rotate', 'nobody'], 1, 'There is no caller nobody'],
    [['revoke', 'nobody', '--yes'], 1, 'There is no caller nobody'],
    [['toString'], 2, 'Usage: sluice callers'],
  ] as const)('refuses %j', async (args, code, sentence) => {
    const ran = await sluice(...args);
    expect(ran.stderr).toContain(sentence);
    expect(ran.code).toBe(code);
  });
});
