import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filmRules } from '../support/own-dialect';
import { expectRefusal, type Refusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const made = { slug: 'two', kind: 'image', baseline: 'fal', candidates: ['runware'] };
  const { status, text } = await world.send('front', { method: 'POST', path: '/api/splits', body: made });
  expect(status, text).toBe(201);
});
afterAll(() => world.close());

const body = (code: string, ...names: string[]): Refusal => ({ status: 422, code, names });
const invalid = (...names: string[]) => body('registry-invalid', ...names);
const wrong = (...names: string[]) => body('body-invalid', ...names);
const plan = { kind: 'image', baseline: 'fal', candidates: ['runware'] };
const relay = (options: object, base_url = 'https://a.test') => ({ adapter: 'relay', base_url, options });
const many65 = Array.from({ length: 65 }, (_, at) => `m${at}`);
const many = Array.from({ length: 8 }, (_, at) => `arm-${at}`);

type Row = readonly [label: string, raw: string, refusal: Refusal];
const row = (label: string, value: unknown, refusal: Refusal): Row => [label, JSON.stringify(value), refusal];

const newSplits: readonly Row[] = [
  row('nothing', {}, wrong('slug', 'must be text')),
  row('an unknown key', { ...plan, slug: 'ok', weights: {} }, wrong('/weights', 'is not known here')),
  ['__proto__', `{"__proto__":{"slug":"x"},${JSON.stringify({ ...plan, slug: 'ok' }).slice(1)}`, wrong('__proto__')],
  ['a key written twice', '{"slug":"ok","slug":"ok","kind":"image"}', wrong('/slug', 'written twice')],
  row('a reserved slug', { ...plan, slug: 'api' }, invalid('"api"', 'reserved')),
  row('a slug of a page', { ...plan, slug: 'sign-in' }, invalid('"sign-in"', 'reserved')),
  row('capitals', { ...plan, slug: 'Flux' }, invalid('small letters')),
  row('a path', { ...plan, slug: '../x' }, invalid()),
  row('a slug that is there', { ...plan, slug: 'two' }, { status: 409, code: 'split-exists', names: ['TWO_WEIGHTS'] }),
  row('an archived or other key', { ...plan, slug: 'ok', key: 'TWO_WEIGHTS' }, { status: 409, code: 'split-exists' }),
  row("the first policy's key", { ...plan, slug: 'ok', key: 'GEN_ROLLOUT_WEIGHTS' }, invalid('GEN_ROLLOUT_POLICY')),
  row('a key of another form', { ...plan, slug: 'ok', key: 'ok' }, invalid('_WEIGHTS')),
  row('an unknown kind', { ...plan, slug: 'ok', kind: 'film' }, invalid('"film"', 'image, job, relay or assign')),
  row('no candidate', { ...plan, slug: 'ok', candidates: [] }, body('policy-invalid', 'candidate')),
  row(
    'candidates that are no list',
    { ...plan, slug: 'ok', candidates: 'runware' },
    wrong('/candidates', 'a list of names'),
  ),
  row('an arm of nobody', { ...plan, slug: 'ok', candidates: ['acme'] }, invalid('"acme"', 'not registered')),
  row(
    'nine arms',
    { ...plan, slug: 'ok', candidates: many, arms: many.map((name) => ({ name, provider: 'fal' })) },
    invalid('8 arms'),
  ),
  row('the baseline as a candidate', { ...plan, slug: 'ok', candidates: ['fal'] }, body('policy-invalid')),
  row('arms of nobody', { ...plan, slug: 'ok', arms: [{ name: 'x', provider: 'fal' }] }, wrong('/arms/0/name')),
  row(
    'arms with an unknown key',
    { ...plan, slug: 'ok', arms: [{ name: 'fal', provider: 'fal', share: 1 }] },
    wrong('/arms/0/share'),
  ),
  row(
    'a policy of another split',
    { ...plan, slug: 'ok', policy: { candidate: 'acme' } },
    body('policy-invalid', 'acme'),
  ),
  row(
    'a policy with an unknown key',
    { ...plan, slug: 'ok', policy: { candidate: 'runware', x: 1 } },
    body('policy-invalid', 'x'),
  ),
  row('a prefix of ours', { ...plan, slug: 'ok', match: { prefixes: ['/api'] } }, invalid('/api', 'reserved')),
  row('an unknown match', { ...plan, slug: 'ok', match: { hosts: [] } }, invalid('match', 'hosts')),
  [
    'a match of __proto__',
    `{"match":{"__proto__":[]},${JSON.stringify({ ...plan, slug: 'ok' }).slice(1)}`,
    wrong('__proto__'),
  ],
  row('a second default', { ...plan, slug: 'ok', is_default: true }, invalid('GEN_PROVIDER_WEIGHTS is the default')),
  row('a long label', { ...plan, slug: 'ok', label: 'x'.repeat(100) }, invalid('label', '80')),
  row('a hidden sign in the reason', { ...plan, slug: 'ok', reason: 'a\u202eb' }, body('reason-invalid', 'U+202E')),
];

const arms: readonly Row[] = [
  row('nothing', {}, wrong('/provider')),
  row('a provider of nobody', { provider: 'acme' }, invalid('"acme"', 'not registered')),
  row('a number as model', { provider: 'fal', model: 7 }, wrong('/model')),
  row('params that are a list', { provider: 'fal', params: [] }, wrong('/params', 'an object')),
  ['params of __proto__', '{"provider":"fal","params":{"a":{"__proto__":{"b":1}}}}', wrong('/params', '__proto__')],
  row('an unknown key', { provider: 'fal', share: 0.5 }, wrong('/share')),
  row('5 kB of params', { provider: 'fal', params: { a: 'x'.repeat(5000) } }, invalid('4096')),
];

const providers: readonly Row[] = [
  row('a path', { base_url: 'https://a.test/v1' }, invalid('without a path')),
  row('a slash at the end', { base_url: 'https://a.test/' }, invalid('slash')),
  row('credentials', { base_url: 'https://u:p@a.test' }, invalid('credentials')),
  row('plain http', { base_url: 'http://a.test' }, invalid('https://')),
  row('loopback', { base_url: 'https://127.0.0.1' }, invalid('open internet')),
  row('the metadata address', { base_url: 'https://169.254.169.254' }, invalid('open internet')),
  row('a private name', { base_url: 'https://localhost' }, invalid('open internet')),
  row('IPv6', { base_url: 'https://[::1]' }, invalid('open internet')),
  row('another scheme', { base_url: 'ftp://a.test' }, invalid('origin')),
  row('an unknown adapter', { adapter: 'acme' }, invalid('fal, runware, openai, kling, aimlapi or relay')),
  row('a path of a relay', relay({ dialect: 'kling' }, 'https://a.test/kling/'), invalid('remove "/kling/"')),
  row('a relay without an address', { adapter: 'relay', options: { dialect: 'kling' } }, invalid('no usual address')),
  row('a relay of no dialect', relay({}), invalid('options.dialect is missing', 'generic')),
  row('a relay of an unknown dialect', relay({ dialect: 'klink' }), invalid('options.dialect', 'klink', 'kling')),
  row('a relay with another wish', relay({ dialect: 'kling', retries: 3 }), invalid('unknown key', 'retries')),
  row(
    'a relay with a key in its headers',
    relay({ dialect: 'kling', headers: { 'x-api-key': 'sk' } }),
    invalid('keys set'),
  ),
  row('a relay that passes ours on', relay({ dialect: 'kling', pass: ['x-sluice-arm'] }), invalid('x-sluice-arm')),
  row('a relay of no scheme', relay({ dialect: 'kling', auth: { scheme: 'basic' } }), invalid('options.auth.scheme')),
  row('a relay in no time', relay({ dialect: 'kling', timeout_ms: 1 }), invalid('options.timeout_ms is 1')),
  row('an unknown state', { state: 'on' }, invalid('active, draining or off')),
  row('a key in the body', { key: 'sk-1' }, wrong('/key', 'is not known here')),
  ['options of __proto__', '{"options":{"__proto__":{}}}', wrong('/options', '__proto__')],
  row('yes', { deprecated: 'yes' }, wrong('/deprecated', 'true or false')),
];

const models: readonly Row[] = [
  row('nothing', {}, wrong('/provider_model')),
  row('a price that is a number', { provider_model: 'a', price: 1 }, wrong('/price', 'an object')),
  row('an unknown key', { provider_model: 'a', cost: 1 }, wrong('/cost')),
  row('a long name', { provider_model: 'x'.repeat(300) }, wrong('/provider_model', '200')),
  row('a rule with a wish', { provider_model: 'a', params: { steps: { too: 'x' } } }, invalid('params.steps.too')),
  row('a rule upside down', { provider_model: 'a', params: { steps: { min: 9, max: 1 } } }, invalid('its max is 1')),
  row('a rule with no way back', { provider_model: 'a', params: { steps: { times: 0 } } }, invalid('is 0')),
  row('a field that is none', { provider_model: 'a', params: { steps: '../x' } }, invalid('the name of a field there')),
  row('a price of nobody', { provider_model: 'a', price: { usd: 1, per: 'song' } }, invalid('price.per', 'megapixel')),
  row('a lossy rule of none', { provider_model: 'a', lossy: 'maybe' }, wrong('/lossy', 'pin, refuse or drop')),
];
const dialects: readonly Row[] = [
  row('nothing', {}, wrong('/rules', 'an object')),
  row('rules that are a list', { rules: [] }, wrong('/rules', 'an object')),
  row('an unknown key', { rules: filmRules, shipped: true }, wrong('/shipped', 'is not known here')),
  ['rules of __proto__', '{"rules":{"creates":[{"__proto__":{"path":"/"}}]}}', wrong('/rules', '__proto__')],
  row('an unknown rule', { rules: { ...filmRules, state: 'x' } }, invalid('unknown key "state"')),
  row('nothing that begins a job', { rules: { ...filmRules, creates: [] } }, invalid('creates is []', 'generic')),
  row(
    'a path that is slow to match',
    { rules: { ...filmRules, creates: [{ ...filmRules.creates[0], path: '/{a}{b}{c}' }] } },
    invalid('creates[0].path is "/{a}{b}{c}"'),
  ),
  row(
    'no place of the state',
    { rules: { ...filmRules, reading: { words: {} } } },
    invalid('reading.state is missing'),
  ),
  row('no sentence in its refusals', { rules: { ...filmRules, error: { body: {} } } }, invalid('{sentence}')),
];
const callers: readonly Row[] = [
  row('models that are no list', { name: 'shop', models: 'flux-*' }, wrong('/models', 'a list of models')),
  row('a model that is none', { name: 'shop', models: ['a b'] }, body('caller-invalid', '"a b"', 'is no model')),
  row('a model twice', { name: 'shop', models: ['a', 'a'] }, body('caller-invalid', '"a" is named twice')),
  row('65 models', { name: 'shop', models: many65 }, wrong('/models', 'a list of models')),
  row(
    'models that nothing asks for',
    { name: 'shop', scopes: ['events'], models: ['a'] },
    body('caller-invalid', 'neither scope generate nor relay'),
  ),
];
const shadow = row('the name of another', { provider_model: 'a' }, invalid('is what a provider calls the model'));

describe.each(doors)('the registry, at the door %s', (door) => {
  const version = async (path: string) => Number((await world.send(door, { path })).body.version);
  const refuse = async (method: string, path: string, [label, raw, refusal]: Row, on: number | null) => {
    const before = await world.state();
    const said = await world.send(door, { method, path, raw, version: on });
    expectRefusal(said, { ...refusal, sent: raw });
    expect(await world.state(), label).toEqual(before);
  };

  it.each(newSplits)('a split with %s', async (...row) => refuse('POST', '/api/splits', row, null));

  it.each(arms)('an arm with %s', async (...row) =>
    refuse('PUT', '/api/splits/two/arms/new', row, await version('/api/splits')),
  );

  it.each(providers)('a provider with %s', async (...row) => refuse('PUT', '/api/providers/acme', row, null));

  it.each(models)('a model with %s', async (...row) => refuse('PUT', '/api/models/fal/a', row, null));

  it.each(dialects)('a dialect with %s', async (...row) => refuse('PUT', '/api/dialects/film', row, null));

  it('a dialect that ships is not changed', () =>
    refuse('PUT', '/api/dialects/kling', row('', { rules: filmRules }, invalid('"kling"', 'ships')), null));

  it.each(callers)('a caller with %s', async (...row) => refuse('POST', '/api/callers', row, null));

  it('an alias that is a vendor’s own name of another model', () =>
    refuse('PUT', '/api/models/fal/fal-ai%2Fflux%2Fdev', shadow, null));

  it.each([
    ['GET', '/api/splits/nobody', 404, 'unknown-split'],
    ['GET', '/api/splits/GEN', 404, 'unknown-split'],
    ['GET', '/api/splits/__proto__', 404, 'unknown-split'],
    ['GET', `/api/splits/${'x'.repeat(500)}`, 404, 'unknown-split'],
    ['GET', '/api/splits/%2e%2e%2fapi', 404, 'unknown-split'],
    ['GET', '/api/splits/%00', 404, 'not-found'],
    ['GET', '/api/providers/%00/keys', 404, 'not-found'],
    ['DELETE', '/api/callers/%6eobody', 404, 'no-such-caller'],
    ['GET', '/api/splits/two/arms/nobody', 404, 'no-such-arm'],
    ['GET', '/api/splits/two/arms/__proto__', 404, 'no-such-arm'],
    ['GET', '/api/providers/__proto__', 404, 'no-such-provider'],
    ['GET', '/api/models/fal/constructor', 404, 'no-such-model'],
    ['GET', '/api/dialects/__proto__', 404, 'no-such-dialect'],
    ['DELETE', '/api/dialects/kling', 404, 'no-such-dialect'],
    ['GET', '/api/splits/two/nothing', 404, 'not-found'],
    ['GET', '/api/journal?split=__proto__', 404, 'unknown-split'],
    ['DELETE', '/api/providers/fal', 409, 'still-needed'],
  ] as const)('%s %s → %i %s', async (method, path, status, code) => {
    const before = await world.state();
    expectRefusal(await world.send(door, { method, path }), { status, code, sent: path });
    expect(await world.state()).toEqual(before);
  });

  it('a policy and weights that name an arm of another split', async () => {
    const policy = { candidate: 'acme', baseline: 'fal' };
    const saved = await version('/api/splits/two/policy');
    const asked = { method: 'PUT', path: '/api/splits/two/policy', body: { policy }, version: saved };
    expectRefusal(await world.send(door, asked), { status: 422, code: 'policy-invalid', names: ['acme'] });
    const weights = { weights: { fal: 0.9, acme: 0.1 } };
    const now = await version('/api/splits/two');
    const put = { method: 'PUT', path: '/api/splits/two/weights', body: weights, version: now };
    expectRefusal(await world.send(door, put), { status: 422, code: 'weights-invalid' });
  });
});
