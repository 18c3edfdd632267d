import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
const run = (text: string) => database.sql.unsafe(text);
const fault = (text: string) =>
  run(text).then(
    () => null,
    (error: { code: string; message: string }) => `${error.code} ${error.message}`,
  );

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const split = (key: string, slug: string, rest = '') =>
  `insert into sluice.splits (key, slug, kind, label${rest ? ', match' : ''}) values ('${key}', '${slug}', 'image', 'One'${rest ? `, '${rest}'` : ''})`;
const provider = (name: string, url: string, options = '{}') =>
  `insert into sluice.providers (name, label, adapter, base_url, options) values ('${name}', 'P', 'openai', '${url}', '${options}')`;

describe('the registry by SQL', () => {
  it('begins with the first split, its two arms and their providers', async () => {
    const [row] = await run('select sluice.registry() as registry');
    expect(row?.registry).toMatchObject({
      splits: [
        {
          key: 'GEN_PROVIDER_WEIGHTS',
          slug: 'gen',
          kind: 'image',
          isDefault: true,
          archived: false,
          arms: [
            { name: 'fal', provider: 'fal', model: null, params: {} },
            { name: 'runware', provider: 'runware', model: null, params: {} },
          ],
        },
      ],
      providers: [
        { name: 'fal', adapter: 'fal', state: 'active', deprecated: false },
        { name: 'runware', adapter: 'runware', state: 'active', deprecated: true },
      ],
    });
  });

  it.each([
    [split('video_WEIGHTS', 'video'), /key is "video_WEIGHTS"; it must be capitals/],
    [split('GEN_ROLLOUT_WEIGHTS', 'rollout'), /its policy row would be GEN_ROLLOUT_POLICY/],
    [split('ABC_WEIGHTS', 'Video'), /slug is "Video"; it must be 1 to 32 small letters/],
    [split('ABC_WEIGHTS', 'api'), /slug is "api", which is reserved/],
    [split('ABC_WEIGHTS', 'sign-in'), /reserved/],
    [split('ABC_WEIGHTS', 'stream'), /reserved/],
    [split('ABC_WEIGHTS', 'gen'), /slug is "gen", which is that of GEN_PROVIDER_WEIGHTS/],
    [split('ABC_WEIGHTS', 'abc', '{"prefixes":["/api"]}'), /match.prefixes has "\/api", which is reserved/],
    [
      split('ABC_WEIGHTS', 'abc', '{"prefixes":["/a/b"]}'),
      /match.prefixes\[\] is "\/a\/b"; it must be a path of one part/,
    ],
    [split('ABC_WEIGHTS', 'abc', '{"__proto__":[]}'), /match has the unknown key "__proto__"/],
    [split('ABC_WEIGHTS', 'abc', '[]'), /match is \[\]; it must be an object/],
    [
      "insert into sluice.splits (key, slug, kind, label) values ('ABC_WEIGHTS', 'abc', 'audio', 'A')",
      /kind is "audio"; it must be/,
    ],
    [
      "insert into sluice.splits (key, slug, kind, label) values ('ABC_WEIGHTS', 'abc', 'image', e'a\\u202eb')",
      /label holds U\+202E/,
    ],
    [
      "insert into sluice.splits (key, slug, kind, label, is_default) values ('ABC_WEIGHTS', 'abc', 'image', 'A', true)",
      /is_default is true, and GEN_PROVIDER_WEIGHTS is the default of kind image/,
    ],
    ["update sluice.splits set key = 'OTHER_WEIGHTS'", /key cannot change/],
    ["update sluice.splits set kind = 'job'", /kind cannot change/],
    ['delete from sluice.splits', /it is the first split/],
    ['update sluice.splits set archived_at = now()', /it is the first split/],
    ['truncate sluice.splits cascade', /cannot be truncated/],
    [
      "insert into sluice.arms (split, name, provider) values ('NO_WEIGHTS', 'a', 'fal')",
      /split is "NO_WEIGHTS", which is not registered/,
    ],
    [
      "insert into sluice.arms (split, name, provider) values ('GEN_PROVIDER_WEIGHTS', 'a', 'fal')",
      /are called like their providers/,
    ],
    [
      "insert into sluice.arms (split, name, provider) values ('GEN_PROVIDER_WEIGHTS', 'runwear', 'runwear')",
      /provider is "runwear", which is not registered; registered are fal, runware/,
    ],
    [
      "delete from sluice.arms where name = 'fal'",
      /arm fal of GEN_PROVIDER_WEIGHTS was not removed: it is still used: it is the baseline/,
    ],
    ["delete from sluice.arms where name = 'runware'", /it is a candidate/],
    [
      "insert into sluice.arms (split, name, provider) values ('GEN_PROVIDER_WEIGHTS', 'constructor', 'fal')",
      /arm constructor of GEN_PROVIDER_WEIGHTS was not added: name is "constructor", which is kept for ourselves/,
    ],
    [
      provider('constructor', 'https://a.example'),
      /name is "constructor", which is kept for ourselves; choose another/,
    ],
    ["update sluice.providers set state = 'off' where name = 'fal'", /state is "off", and arm "fal" still needs it/],
    ["update sluice.providers set state = 'resting' where name = 'runware'", /must be active, draining or off/],
    ["update sluice.providers set name = 'fal2' where name = 'fal'", /name cannot change/],
    ["delete from sluice.providers where name = 'fal'", /arms still need it: fal of GEN_PROVIDER_WEIGHTS/],
    [provider('p', 'https://api.example.com/v1'), /must be an origin such as/],
    [provider('p', 'https://api.example.com/v1?a=b'), /without a path or a slash at its end; remove "\/v1\?a=b"$/],
    [provider('p', 'https://api.example.com/'), /without a path or a slash/],
    [provider('p', 'https://user:secret@api.example.com'), /holds credentials/],
    [provider('p', 'http://api.example.com'), /must begin with https/],
    [provider('p', 'https://169.254.169.254'), /open internet/],
    [provider('p', 'https://10.0.0.8:8000'), /open internet/],
    [provider('p', 'https://2130706433'), /must name a host such as api.example.com, or an address of four numbers/],
    [provider('p', 'https://0x7f.0.0.1'), /four numbers from 0 to 255/],
    [provider('p', 'http://1.2.3.400', '{"private": true}'), /four numbers from 0 to 255/],
    [provider('p', 'https://a..example.com'), /must name a host such as/],
    [provider('p', 'https://localhost.'), /open internet/],
    [provider('p', 'https://api.example.com:99999'), /must have a port from 1 to 65535, or say none/],
    [provider('p', 'https://[::1]:80'), /open internet/],
    [provider('p', 'ftp://api.example.com'), /must be an origin such as [^;]*$/],
    ["insert into sluice.callers (name) values ('env-1')", /kept for ourselves/],
    ["insert into sluice.callers (name, scopes) values ('shop', '{admin}')", /must be generate, relay, events/],
    ["insert into sluice.callers (name, scopes) values ('shop', '{}')", /a caller without a scope/],
    [
      "insert into sluice.caller_keys (caller, key_hash, hint) values ('shop', 'x', 'abcd')",
      /caller is "shop", which is not registered/,
    ],
    [
      "insert into sluice.provider_keys (provider, version, sealed, sealed_with, hint) values ('fal', 1, 'sk-plain', 'x', 'lain')",
      /never stored as it is/,
    ],
    ["insert into sluice.models (alias, provider, provider_model) values ('a b', 'fal', 'x')", /alias is "a b"/],
  ])('refuses %s', async (statement, sentence) => {
    const [before] = await run('select sluice.registry_version() as version');
    expect(await fault(statement)).toMatch(sentence);
    const [after] = await run('select sluice.registry_version() as version');
    expect(after).toEqual(before);
  });

  it('journals each write with who and what, in a chain that verifies, and tells it', async () => {
    const told: string[] = [];
    const listening = await database.sql.listen('sluice_flags', (text) => told.push(text));
    await run(split('VIDEO_WEIGHTS', 'video', '{"models":["flux-*"]}'));
    await run(
      "insert into sluice.arms (split, name, provider, model) values ('VIDEO_WEIGHTS', 'old', 'fal', 'flux-dev')",
    );
    await run("update sluice.splits set label = 'Two' where key = 'VIDEO_WEIGHTS'");
    await run("update sluice.splits set label = 'Two' where key = 'VIDEO_WEIGHTS'");
    await run(provider('local', 'http://10.0.0.8:8000', '{"private":true}'));
    const rows = await run(
      "select verb, actor, becomes::jsonb as becomes from sluice.journal where flag_key = 'sluice.registry' order by seq desc limit 4",
    );
    expect(rows.map(({ verb }) => verb)).toEqual(['provider_add', 'split_change', 'arm_add', 'split_add']);
    expect(rows[1]).toMatchObject({ actor: 'sql:postgres', becomes: { label: 'Two' } });
    expect(await run('select * from sluice.journal_faults()')).toEqual([]);
    expect(await run('select * from sluice.guard_faults()')).toEqual([]);
    const [{ version }] = (await run('select sluice.registry_version() as version')) as unknown as [
      { version: number },
    ];
    await expect.poll(() => told.map((text) => JSON.parse(text))).toContainEqual({ key: 'sluice.registry', version });
    await listening.unlisten();
  });

  it('takes at most eight arms a split', async () => {
    await run(split('MANY_WEIGHTS', 'many'));
    for (let i = 0; i < 8; i += 1)
      await run(`insert into sluice.arms (split, name, provider) values ('MANY_WEIGHTS', 'a${i}', 'fal')`);
    expect(await fault("insert into sluice.arms (split, name, provider) values ('MANY_WEIGHTS', 'a8', 'fal')")).toMatch(
      /has 8 arms/,
    );
  });

  it('leaves a row of weights without a split alone, and takes it over only when it holds weights', async () => {
    await run("insert into feature_flags (flag_key, flag_value_text) values ('THEIRS_WEIGHTS', 'ten')");
    expect(await fault(split('THEIRS_WEIGHTS', 'theirs'))).toMatch(/has a row THEIRS_WEIGHTS that holds no weights/);
    await run("update feature_flags set flag_value_text = '{\"a\":1}' where flag_key = 'THEIRS_WEIGHTS'");
    await run(split('THEIRS_WEIGHTS', 'theirs'));
  });
});
