import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyChanges, tryChanges } from '@/lib/as-code/apply-changes';
import type { Applying } from '@/lib/as-code/applying';
import { writeConfig } from '@/lib/as-code/file/write-file';
import { makePlan, type Plan } from '@/lib/as-code/plan';
import { readState } from '@/lib/as-code/read-state';
import { type TestDatabase, testDatabase } from '../support/database';
import { filmRules } from '../support/own-dialect';

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.close());

const variables: Record<string, string> = { CHAT_URL: 'https://chat.example/hook/1', HOOK_SECRET: 'a-long-secret' };
/** As the file names a variable. */
const reference = (name: string) => `$\{${name}}`;
const environment = (name: string) => variables[name];
const plan = (yaml: string, prune = false): Promise<Plan> =>
  makePlan(database.sql, {
    file: 'sluice.yaml',
    bytes: Buffer.from(yaml.replaceAll('$C', reference('CHAT_URL'))),
    prune,
    environment,
  });
const applying = ({ changes, state }: Plan): Applying => ({
  ...{ changes, state, actor: 'cli:test', reason: 'apply sluice.yaml (sha256 00)', environment },
});
const apply = async (yaml: string, prune = false) => applyChanges(database.sql, applying(await plan(yaml, prune)));
const names = ({ changes }: Plan) => changes.map(({ kind, row }) => `${kind} ${row.of} ${row.id.join(' ')}`);
const exported = async () => writeConfig(await readState(database.sql), 'x');

const video = `
providers:
  kling: { adapter: relay, label: Kling, baseUrl: https://api.kling.example, options: { dialect: kling } }
  gateway: { adapter: relay, label: Gateway, baseUrl: https://api.gateway.example, options: { dialect: kling, path_prefix: /kling } }
models:
  kling-2: { kling: { model: kling-v2, price: { usd: 0.05, per: second } } }
splits:
  video:
    key: VIDEO_WEIGHTS
    kind: assign
    label: Video
    match: { prefixes: [/kling], models: [kling-*] }
    default: true
    arms:
      direct: { provider: kling }
      gateway: { provider: gateway, params: { quality: high, nested: { b: 1, a: [1, 2] } } }
    policy:
      baseline: direct
      candidate: gateway
      stages: [{ name: D1, weights: { direct: 0.9, gateway: 0.1 }, observe: 1h }]
      rollback: { direct: 1, gateway: 0 }
callers:
  shop: { scopes: [generate, relay], prefixes: [/kling], models: [kling-*, flux-dev], ratePerMinute: 600, quota: { jobs: { spend_per_day_usd: 12.5, in_flight: 20 } } }
channels:
  - { kind: slack, url: "$C" }
`;

describe('apply', () => {
  it('writes all of it once, journaled by name, and exports the same', async () => {
    expect(names(await plan(video))).toEqual([
      'add provider kling',
      'add provider gateway',
      'add model kling-2 kling',
      'add split VIDEO_WEIGHTS',
      'add arm VIDEO_WEIGHTS direct',
      'add arm VIDEO_WEIGHTS gateway',
      'add policy VIDEO_WEIGHTS',
      'add weights VIDEO_WEIGHTS',
      'add caller shop',
      `add channel ${reference('CHAT_URL')}`,
    ]);
    await apply(video);
    expect(names(await plan(video))).toEqual([]);
    const [weights] = await database.sql`select flag_value_text from feature_flags where flag_key = 'VIDEO_WEIGHTS'`;
    expect(JSON.parse(weights?.flag_value_text)).toEqual({ direct: 1, gateway: 0 });
    const said = await database.sql`
      select distinct j.actor, j.reason from sluice.journal j where j.flag_key in ('sluice.registry', 'VIDEO_WEIGHTS', 'VIDEO_POLICY')`;
    expect(said).toEqual([{ actor: 'cli:test', reason: 'apply sluice.yaml (sha256 00)' }]);
    const [shop] = await database.sql`select c.quota from sluice.callers c`;
    expect(shop?.quota).toEqual({ jobs: { spend_per_day_usd: 12.5, in_flight: 20 } });
    const text = await exported();
    expect(names(await plan(text))).toEqual([]);
    expect(text).not.toContain('chat.example');
    await apply(`${text}`);
    expect(await exported()).toBe(text);
    const film = (quota: string) => `splits:\n  film: { key: FILM_WEIGHTS, kind: job, label: Film${quota} }`;
    await apply(film(', quota: { jobs: { creates_per_day: 9 } }'));
    expect(await exported()).toContain('quota: { jobs: { creates_per_day: 9 } }');
    const [change] = (await plan(film(''))).changes;
    expect(change?.fields).toMatchObject([{ field: 'quota.jobs.creates_per_day', was: 9 }]);
  });

  it('changes what differs and leaves the rest alone', async () => {
    await apply(video);
    await database.sql`update feature_flags set flag_value_text = '{"direct":0.9,"gateway":0.1}' where flag_key = 'VIDEO_WEIGHTS'`;
    const changed = video
      .replace('label: Video', 'label: Videos')
      .replace('observe: 1h', 'observe: 2h')
      .replace('600', '700')
      .replace(', in_flight: 20', '');
    const { changes } = await plan(changed);
    expect(changes.map(({ row, fields }) => [row.of, fields])).toEqual([
      ['split', [{ field: 'label', was: 'Video', becomes: 'Videos' }]],
      ['policy', [{ field: 'stages.D1.observe', was: '1h', becomes: '2h' }]],
      [
        'caller',
        [
          { field: 'ratePerMinute', was: 600, becomes: 700 },
          { field: 'quota.jobs.in_flight', was: 20, becomes: undefined },
        ],
      ],
    ]);
    await apply(changed);
    const [row] = await database.sql`select flag_value_text from feature_flags where flag_key = 'VIDEO_WEIGHTS'`;
    expect(row).toEqual({ flag_value_text: '{"direct":0.9,"gateway":0.1}' });
    expect((await plan('callers: {}')).unlisted.length).toBeGreaterThan(5);
  });

  it('passes a slug, a prefix and the default from one split to another', async () => {
    await apply(video);
    const next = `splits:
  film: { key: VIDEO_WEIGHTS, kind: assign, label: Video, match: { models: [kling-*] }, arms: { direct: { provider: kling }, gateway: { provider: gateway, params: { quality: high, nested: { b: 1, a: [1, 2] } } } } }
  video: { key: OTHER_WEIGHTS, kind: assign, default: true, match: { prefixes: [/kling] }, arms: { direct: { provider: kling } } }
`;
    await apply(next);
    expect(
      await database.sql`select key, slug, is_default from sluice.splits where kind = 'assign' order by key`,
    ).toEqual([
      { key: 'OTHER_WEIGHTS', slug: 'video', is_default: true },
      { key: 'VIDEO_WEIGHTS', slug: 'film', is_default: false },
    ]);
  });

  it('with --prune takes out what the file does not name, and archives a split', async () => {
    await apply(video);
    const rest = `splits:
  gen: { key: GEN_PROVIDER_WEIGHTS, kind: image, label: Images, default: true, arms: { fal: { provider: fal }, runware: { provider: runware } } }
providers:
  fal: { adapter: fal, label: FAL }
  runware: { adapter: runware, label: Runware, deprecated: true }
  kling: { adapter: relay, label: Kling, baseUrl: https://api.kling.example, options: { dialect: kling } }
  gateway: { adapter: relay, label: Gateway, baseUrl: https://api.gateway.example, options: { dialect: kling, path_prefix: /kling } }
`;
    expect(names(await plan(rest))).toEqual([]);
    expect(names(await plan(rest, true))).toEqual([
      `remove channel ${reference('CHAT_URL')}`,
      'remove caller shop',
      'remove split VIDEO_WEIGHTS',
      'remove model kling-2 kling',
    ]);
    await apply(rest, true);
    expect(names(await plan(rest, true))).toEqual([]);
    expect(
      await database.sql`select archived_at is not null as gone from sluice.splits where key = 'VIDEO_WEIGHTS'`,
    ).toEqual([{ gone: true }]);
  });

  it('applies nothing when the database refuses one of it', async () => {
    await apply(video);
    await database.sql`update feature_flags set flag_value_text = '{"direct":0.9,"gateway":0.1}' where flag_key = 'VIDEO_WEIGHTS'`;
    const live = video
      .replace('label: Kling,', 'label: Other,')
      .replace('gateway: { provider: gateway', 'gateway: { provider: kling');
    const refused = await tryChanges(database.sql, applying(await plan(live)));
    expect(refused?.message).toMatch(
      /^Arm gateway of VIDEO_WEIGHTS was not changed: it serves traffic: 10 % of VIDEO_WEIGHTS/,
    );
    await expect(apply(live)).rejects.toThrow(/it serves traffic/);
    expect(await database.sql`select label from sluice.providers where name = 'kling'`).toEqual([{ label: 'Kling' }]);
  });

  it('takes nothing back that a trial wrote: nothing is left of it', async () => {
    const before = await exported();
    expect(await tryChanges(database.sql, applying(await plan(video)))).toBeNull();
    expect(await exported()).toBe(before);
    expect(await database.sql`select from sluice.journal where flag_key = 'sluice.registry'`).toHaveLength(0);
  });
});

describe('compare-and-set', () => {
  const writes: [string, string][] = [
    ['the registry', `insert into sluice.providers (name, label) values ('late', 'Late')`],
    [
      'a policy',
      `insert into feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY', '{"minRequests":151}')`,
    ],
    [
      'a channel',
      `insert into sluice.alert_channels (kind, url, created_by) values ('slack', 'https://a.example/x', 'x')`,
    ],
    ['a caller', `insert into sluice.callers (name) values ('late')`],
  ];
  it.each(writes)('applies nothing when somebody wrote %s in between', async (_, statement) => {
    const seen = await plan(video);
    await database.sql.unsafe(statement);
    await expect(applyChanges(database.sql, applying(seen))).rejects.toThrow(/Nothing was applied: somebody wrote/);
    expect(await database.sql`select from sluice.splits where key = 'VIDEO_WEIGHTS'`).toHaveLength(0);
  });

  it('of ten that apply at once one does, and the others are told', async () => {
    const plans = await Promise.all(Array.from({ length: 10 }, () => plan(video)));
    const done = await Promise.allSettled(plans.map((each) => applyChanges(database.sql, applying(each))));
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of done) if (each.status === 'rejected') expect(String(each.reason)).toMatch(/somebody wrote/);
  });
});

describe('a dialect of one’s own', () => {
  const film = (more = {}) => `dialects:
  film: ${JSON.stringify({ ...filmRules, ...more })}
providers:
  studio: { adapter: relay, baseUrl: https://studio.example, options: { dialect: film } }
`;

  it('is written before who speaks it, exported as it was, changed, and removed after', async () => {
    expect(names(await plan(film()))).toEqual(['add dialect film', 'add provider studio']);
    await apply(film());
    expect(names(await plan(film()))).toEqual([]);
    expect(names(await plan(await exported()))).toEqual([]);
    const { changes } = await plan(film({ modelAt: ['/lens'] }));
    expect(changes[0]?.fields).toEqual([{ field: 'rules.modelAt', was: ['/camera'], becomes: ['/lens'] }]);
    const pruned = await plan('providers: {}', true);
    expect(names(pruned).filter((name) => /film|studio/.test(name))).toEqual([
      'remove provider studio',
      'remove dialect film',
    ]);
  });

  it.each([
    [film({ creates: [] }), /:2:\d+: dialects\.film\.creates is \[\]; it must name what begins a job/],
    [film({ wish: 1 }), /dialects\.film has the unknown key "wish"/],
    [film({ pace: { firstMs: 1 } }), /dialects\.film\.pace\.firstMs is 1; it must be a whole number of milliseconds/],
    [film().replace('dialect: film', 'dialect: flim'), /options\.dialect is "flim"; it must be .*film/],
  ])('%s is refused with its place', async (yaml, sentence) => {
    await expect(plan(yaml)).rejects.toThrow(sentence);
  });
});

describe('what the file says against the rest', () => {
  it.each([
    [
      'a provider there is not',
      video.replace('provider: kling }', 'provider: klin }'),
      /:15:17: splits\.video\.arms\.direct\.provider is "klin"; it must be a provider: fal, gateway, kling, runware/,
    ],
    [
      "an arm of another split's",
      video.replaceAll(', gateway: 0', ', runware: 0').replace('candidate: gateway', 'candidate: runware'),
      /splits\.video\.policy\.candidate names "runware", which is no arm of this split; they are direct, gateway/,
    ],
    [
      'a stage with a stranger',
      video.replace('gateway: 0.1 }', 'gateway: 0.05, fal: 0.05 }'),
      /splits\.video\.policy\.stages\[0\]\.weights names "fal"/,
    ],
    [
      'a slug that is reserved',
      video.replace('  video:', '  metrics:'),
      /:8:3: splits\.metrics is a slug that is reserved for a path of our own/,
    ],
    [
      'a prefix that is reserved',
      video.replace('prefixes: [/kling], models', 'prefixes: [/api], models'),
      /match\.prefixes has "\/api", which is reserved/,
    ],
    [
      'another kind',
      'splits:\n  gen: { key: GEN_PROVIDER_WEIGHTS, kind: job }\n',
      /:2:\d+: splits\.gen\.kind is "job"; it is image and cannot change/,
    ],
    [
      'an arm of gen that is no provider',
      'splits:\n  gen: { key: GEN_PROVIDER_WEIGHTS, kind: image, arms: { new: { provider: fal } } }\n',
      /are called like their providers/,
    ],
    [
      'an address with a path',
      video.replace('kling.example', 'kling.example/v1'),
      /:3:\d+: providers\.kling\.baseUrl is ".*"; it must be an origin/,
    ],
    [
      'an address with a slash',
      video.replace('kling.example', 'kling.example/'),
      /must be an origin such as .*without a path or a slash/,
    ],
    [
      'a relay of no dialect',
      video.replace('dialect: kling, path_prefix', 'path_prefix'),
      /:4:\d+: providers\.gateway\.options\.dialect is missing; it must be runway, kling/,
    ],
    [
      'a relay without an address',
      video.replace('baseUrl: https://api.kling.example, ', ''),
      /:3:\d+: providers\.kling\.baseUrl is missing; a relay has no usual address/,
    ],
    ['a private address', video.replace('api.kling.example', '192.168.1.4'), /must name a host of the open internet/],
    [
      'a caller that could forge a verdict',
      'callers:\n  a: { scopes: [generate, events, "events:foreign"] }\n',
      /callers\.a\.scopes cannot stand: a key with generate cannot have events:foreign/,
    ],
    ['a name of ours', 'callers:\n  watchdog: {}\n', /callers\.watchdog is a name that is kept for ourselves/],
    [
      'a model nowhere',
      'models:\n  a: { nowhere: { model: x } }\n',
      /models\.a\.nowhere is at "nowhere"; it must be a provider/,
    ],
  ])('%s', async (_, yaml, sentence) => {
    const told = await plan(yaml).then(
      () => 'fine',
      (error: Error) => error.message,
    );
    expect(told).toMatch(sentence);
    expect(told).toMatch(/^sluice\.yaml:\d+:\d+: /);
  });
});

describe('channels', () => {
  it('are kept where their variable is not set, and moved where it holds another address', async () => {
    const yaml = 'channels:\n  - { kind: webhook, url: "$C", secret: "$S" }\n'.replace('$S', reference('HOOK_SECRET'));
    await apply(yaml);
    expect(
      await database.sql`select kind, url, secret, url_from, secret_from, created_by from sluice.alert_channels`,
    ).toEqual([
      {
        kind: 'webhook',
        url: 'https://chat.example/hook/1',
        secret: 'a-long-secret',
        url_from: 'CHAT_URL',
        secret_from: 'HOOK_SECRET',
        created_by: 'cli:test',
      },
    ]);
    const { CHAT_URL: was = '' } = variables;
    variables.CHAT_URL = '';
    expect(names(await plan(yaml))).toEqual([]);
    variables.CHAT_URL = 'https://chat.example/hook/2';
    expect((await plan(yaml)).changes[0]?.fields).toEqual([
      { field: 'address', was: '(not shown)', becomes: '(not shown, another)' },
    ]);
    await apply(yaml);
    expect(await database.sql`select url from sluice.alert_channels`).toEqual([{ url: 'https://chat.example/hook/2' }]);
    variables.CHAT_URL = was;
  });

  it('made by hand are exported by a name of their id, and taken over by their address', async () => {
    await database.sql`insert into sluice.alert_channels (kind, url, created_by) values ('slack', ${variables.CHAT_URL ?? ''}, 'x')`;
    const text = await exported();
    expect(text).toMatch(/# Its address is a secret: .*\n\s+- kind: slack\n\s+url: \$\{ALERT_CHANNEL_1_URL\}/);
    expect(names(await plan(text))).toEqual([]);
    await apply('channels:\n  - { kind: slack, url: "$C" }\n');
    expect(await database.sql`select url_from from sluice.alert_channels`).toEqual([{ url_from: 'CHAT_URL' }]);
  });

  it('are called and told what the file says, and keep what it leaves out', async () => {
    const line = (more: string) => `channels:\n  - { kind: slack, url: "$C"${more} }\n`;
    const row = async () => (await database.sql`select name, alerts from sluice.alert_channels`)[0];
    await apply(line(', name: Ops, alerts: [rolled_back, changed]'));
    expect(await row()).toEqual({ name: 'Ops', alerts: ['rolled_back', 'changed'] });
    const text = await exported();
    expect(text).toMatch(/- name: Ops\n\s+kind: slack\n\s+url: \S+\n\s+alerts: \[ rolled_back, changed \]/);
    expect(names(await plan(text))).toEqual([]);
    expect(names(await plan(line('')))).toEqual([]);
    await apply(line(', name: Night, alerts: null'));
    expect(await row()).toEqual({ name: 'Night', alerts: null });
    variables.OTHER_URL = 'https://chat.example/hook/9';
    const twin = `${line('')}  - { kind: slack, url: "${reference('OTHER_URL')}", name: night }\n`;
    await expect(apply(twin)).rejects.toThrow('is called "night" already');
    const two = (one: string, other: string) =>
      `${line(`, name: ${one}`)}  - { kind: slack, url: "${reference('OTHER_URL')}", name: ${other} }\n`;
    const called = async () =>
      (await database.sql`select c.name from sluice.alert_channels c order by c.url`).map(({ name }) => name);
    await apply(two('Night', 'Day'));
    await apply(two('Day', 'night'));
    expect(await called()).toEqual(['Day', 'night']);
    const without = applying(await plan(line(', name: Night'), true));
    await applyChanges(database.sql, {
      ...without,
      changes: without.changes.filter(({ row }) => row.of === 'channel'),
    });
    expect(await called()).toEqual(['Night']);
  });

  it('an unset variable of a new one is named', async () => {
    const { unset } = await plan('channels:\n  - { kind: slack, url: "$N" }\n'.replace('$N', reference('NOT_SET')));
    expect(unset).toEqual([reference('NOT_SET')]);
  });
});
