import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialectNames } from '@/lib/relay/dialects/dialects';
import { judgedAs } from '@/lib/split/policy/metrics';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
const run = (text: string) => database.sql.unsafe(text);
const relay = (name: string, options: object, url: string | null = 'https://api.example.com') =>
  database.sql`insert into sluice.providers (name, label, adapter, base_url, options)
    values (${name}, 'P', 'relay', ${url}, ${JSON.stringify(options)}::text::jsonb)`;
const arm = (split: string, name: string, provider: string, rest = "null, '{}'") =>
  run(
    `insert into sluice.arms (split, name, provider, model, params) values ('${split}', '${name}', '${provider}', ${rest})`,
  );

beforeAll(async () => {
  database = await testDatabase();
  await relay('direct', { dialect: 'kling' });
  await relay('gateway', { dialect: 'kling', path_prefix: '/kling' });
  await relay('plain', { dialect: 'generic' });
  await relay('runway', { dialect: 'runway' });
  await run(`insert into sluice.splits (key, slug, kind, label, match) values
    ('KLING_WEIGHTS', 'kling', 'relay', 'Kling', '{"prefixes":["/kling"]}'), ('FILM_WEIGHTS', 'film', 'job', 'Film', '{}'),
    ('ANY_WEIGHTS', 'any', 'relay', 'Any', '{}'), ('APP_WEIGHTS', 'app', 'assign', 'App', '{}')`);
  await arm('KLING_WEIGHTS', 'direct', 'direct');
  await arm('KLING_WEIGHTS', 'gateway', 'gateway');
  await arm('ANY_WEIGHTS', 'one', 'plain');
  await arm('APP_WEIGHTS', 'one', 'plain');
  await run(`insert into feature_flags (flag_key, flag_value_text) values ('KLING_POLICY', '${policy([jobLine])}')`);
});
afterAll(() => database.close());

const jobLine = { metric: 'accept_failure_rate', limit: 0.1, window: '5m', hold: '5m' };
const imageLine = { metric: 'failure_rate', limit: 0.1, window: '5m', hold: '5m' };
const policy = (redLines: readonly object[], baseline = 'direct', candidate = 'gateway') => {
  const weights = { [baseline]: 0.9, [candidate]: 0.1 };
  const rollback = { [baseline]: 1, [candidate]: 0 };
  return JSON.stringify({ baseline, candidate, stages: [{ name: 'D1', weights, observe: '1h' }], rollback, redLines });
};

describe('a provider of adapter relay', () => {
  it('has the dialects that the code has', async () => {
    const [row] = await run('select sluice.dialect_names() as names');
    expect(row?.names).toEqual(dialectNames);
  });

  it.each([
    [{}, /options.dialect is missing; it must be runway, kling, .* or generic; in generic nothing is a job/],
    [{ dialect: 'klink' }, /options.dialect is "klink"/],
    [{ dialect: 7 }, /options.dialect is 7/],
    [{ path: '/v1' }, /options has the unknown key "path"/],
    [{ path_prefix: 'v1' }, /options.path_prefix is "v1"; it must be a path such as "\/runwayml"/],
    [{ path_prefix: '/v1/' }, /ends without one/],
    [{ path_prefix: '/../v1' }, /options.path_prefix/],
    [{ timeout_ms: 10 }, /options.timeout_ms is 10; it must be a whole number from 1000/],
    [{ private: 'yes' }, /options.private is "yes"/],
    [{ auth: 'bearer' }, /options.auth is "bearer"; it must be an object/],
    [{ auth: { scheme: 'basic' } }, /options.auth.scheme is "basic"; it must be bearer, header/],
    [{ auth: {} }, /options.auth.scheme is missing/],
    [{ auth: { scheme: 'header' } }, /options.auth.name is missing; it must name the header/],
    [{ auth: { scheme: 'query', name: 'a&b' } }, /options.auth.name is "a&b"; it must name the parameter/],
    [{ auth: { scheme: 'header', name: 'Cookie' } }, /options.auth.name has "Cookie"/],
    [{ auth: { scheme: 'bearer', name: 'x' } }, /options.auth.name is "x"; it is only for/],
    [{ auth: { scheme: 'bearer', region: 'x' } }, /options.auth.region is "x"; it is only for/],
    [{ headers: [] }, /options.headers is \[\]; it must be an object/],
    [{ headers: { authorization: 'Bearer sk' } }, /options.headers has "authorization", which holds a key/],
    [{ headers: { 'a b': 'x' } }, /options.headers is "a b"; it must be the name of a header/],
    [{ headers: { 'x-runway-version': 'a\r\nb: c' } }, /options.headers.x-runway-version is .*printable/],
    [{ pass: ['x-sluice-split'] }, /options.pass has "x-sluice-split", which is for Sluice to say/],
    [{ pass: ['connection'] }, /options.pass has "connection"/],
    [{ pass: ['x-api-key'] }, /sluice keys set/],
    [{ pass: 'x-a' }, /options.pass is "x-a"; it must be a list/],
  ])('with %j is refused', async (options, sentence) => {
    const whole =
      'dialect' in options || Object.keys(options).length === 0 ? options : { dialect: 'kling', ...options };
    await expect(relay('p', whole)).rejects.toThrow(sentence);
  });

  it('says what to remove from its address, and needs one', async () => {
    await expect(relay('p', { dialect: 'kling' }, 'https://a.test/kling/')).rejects.toThrow(
      'remove "/kling/", and where it belongs before every path, say so in the options, which all adapters but fal and runware heed: {"path_prefix":"/kling"}',
    );
    const long = `/${'a'.repeat(127)}`;
    const advised = await relay('p', { dialect: 'kling' }, `https://a.test${long}/`).catch(({ message }) => message);
    expect(advised).toContain(`{"path_prefix":"${long}"}`);
    for (const [path, removed] of [
      ['/kling/../x', '/kling/../x'],
      [`${long}a`, `${long.slice(0, 63)}…`],
    ]) {
      const refused = await relay('p', { dialect: 'kling' }, `https://a.test${path}`).catch(({ message }) => message);
      expect(refused).toMatch(new RegExp(`; remove "${removed}"$`));
    }
    await expect(relay('p', { dialect: 'kling' }, null)).rejects.toThrow('base_url is missing; a relay has no usual');
  });

  it('takes all that there is to say', async () => {
    const auth = { scheme: 'volc-signature', region: 'cn-north-1', service: 'cv' };
    const headers = { 'x-runway-version': '2024-11-06' };
    const options = { dialect: 'jimeng', path_prefix: '/a/v1.2', auth, headers, pass: ['x-a'], timeout_ms: 1000 };
    await relay('whole', { ...options, private: true }, 'http://127.0.0.1:80');
    await relay('fal_key', { dialect: 'fal-queue', auth: { scheme: 'header', name: 'Authorization' } });
  });
});

describe('the arms of a relay', () => {
  it.each([
    [
      'KLING_WEIGHTS',
      'fal',
      undefined,
      /provider is "fal", whose adapter is fal; the arms of a relay are of adapter relay/,
    ],
    ['KLING_WEIGHTS', 'runway', undefined, /which speaks runway, and arm "direct" speaks kling through "direct"/],
    ['KLING_WEIGHTS', 'direct', "'kling-v1', '{}'", /nothing can be pinned/],
    ['KLING_WEIGHTS', 'direct', `null, '{"n":1}'`, /nothing can be pinned/],
    ['FILM_WEIGHTS', 'direct', undefined, /passes bytes on unread; FILM_WEIGHTS is of kind job/],
  ])('%s with %s %s', async (split, provider, rest, sentence) => {
    await expect(arm(split, 'x', provider, rest)).rejects.toThrow(sentence);
  });

  it.each([
    ['gateway', `options = '{"dialect":"runway"}'`, /"runway", and arm "direct" of KLING_WEIGHTS speaks kling/],
    ['gateway', "adapter = 'openai'", /adapter is "openai", and arm "gateway" of KLING_WEIGHTS needs relay/],
    ['plain', "adapter = 'openai'", /arm "one" of ANY_WEIGHTS needs relay/],
    ['fal', "adapter = 'relay', base_url = 'https://a.test', options = '{\"dialect\":\"kling\"}'", /arm "fal" of GEN_/],
  ])('%s may not become %s under them', async (name, change, sentence) => {
    await expect(run(`update sluice.providers set ${change} where name = '${name}'`)).rejects.toThrow(sentence);
  });

  it('go on speaking what they speak while they are used, and may be changed before', async () => {
    await run(`update sluice.providers set options = '{"dialect":"suno"}' where name = 'plain'`);
    await run(`update sluice.providers set options = '{"dialect":"generic"}' where name = 'plain'`);
    await relay('other', { dialect: 'generic' });
    await arm('ANY_WEIGHTS', 'two', 'other');
    await run(
      `insert into feature_flags (flag_key, flag_value_text) values ('ANY_POLICY', '${policy([imageLine], 'one', 'two')}')`,
    );
    await run("delete from sluice.arms where split = 'APP_WEIGHTS'");
    await expect(
      run(`update sluice.providers set options = '{"dialect":"suno"}' where name = 'plain'`),
    ).rejects.toThrow(/arm "two" of ANY_WEIGHTS speaks generic/);
    await run(`update sluice.providers set options = '{"dialect":"kling","timeout_ms":2000}' where name = 'direct'`);
  });
});

describe('the red lines of a relay', () => {
  it('are about jobs where its dialect has them', async () => {
    const change = (key: string, text: string) =>
      run(`update feature_flags set flag_value_text = '${text}' where flag_key = '${key}'`);
    await expect(change('KLING_POLICY', policy([imageLine]))).rejects.toThrow(/must be accept_failure_rate/);
    await expect(change('ANY_POLICY', policy([jobLine], 'one', 'two'))).rejects.toThrow(/must be p95_latency_ms/);
    const judged = async (key: string) => (await run(`select sluice.judged_as('${key}') as judged`))[0]?.judged;
    for (const [key, kind, dialect] of [
      ['KLING_WEIGHTS', 'relay', 'kling'],
      ['ANY_WEIGHTS', 'relay', 'generic'],
      ['FILM_WEIGHTS', 'job', null],
      ['GEN_PROVIDER_WEIGHTS', 'image', null],
    ] as const)
      expect(await judged(key), key).toBe(judgedAs(kind, dialect));
  });
});
