import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ImportChoice, importChannels } from '@/lib/as-code/new-api/import-channels';
import { DumpFault } from '@/lib/as-code/new-api/read-dump';
import { readRows } from '@/lib/as-code/plan';
import type { StoredState } from '@/lib/as-code/read-state';
import { json, keys, mysql, pgCopy, pgInserts, sqlite } from './dumps';

const state = { rows: [], slugs: new Map() } as unknown as StoredState;
const choice: ImportChoice = { isPrivate: false, isImage: () => false, group: null, hasSplits: true };
const read = (text: string, more: Partial<ImportChoice> = {}) =>
  importChannels(Buffer.from(text), state, { ...choice, ...more });
/** Channels of the API, which says what is wanted in the fewest words. */
const of = (...channels: readonly object[]) =>
  JSON.stringify(
    channels.map((each, at) => ({ id: at + 1, type: 1, name: `c ${at + 1}`, models: 'flux-dev', ...each })),
  );
const config = (text: string, more: Partial<ImportChoice> = {}) => parse(read(text, more).yaml);
const notes = (text: string) => read(text).notes.map(({ of: which, what }) => `${which}: ${what}`);

describe('channels of a dump', () => {
  it.each([
    ['mysqldump', mysql],
    ['sqlite3 .dump', sqlite],
    ['pg_dump', pgCopy],
    ['pg_dump --inserts', pgInserts],
    ['the API', json],
  ])('%s: the same providers, split and models, which sluice.yaml takes', (_, dump) => {
    const found = read(dump);
    expect(found).toMatchObject({ from: 'new-api', channels: 4, splits: ['kling'] });
    expect(found.providers).toEqual([
      { name: 'gathered-kling', channel: 1, key: keys.aggregator },
      { name: 'kling-direct', channel: 2, key: 'AKkling-1a2b:SKkling-3c4d' },
      { name: 'images', channel: 3, key: keys.images },
    ]);
    for (const secret of ['sk-', 'AKkling', 'SKkling'])
      expect(found.yaml + JSON.stringify(found.notes)).not.toContain(secret);
    const { rows } = readRows('dump', Buffer.from(found.yaml));
    expect(rows.length).toBe(8);
    expect(parse(found.yaml)).toMatchObject({
      providers: {
        'gathered-kling': {
          ...{ adapter: 'relay', label: "Gathered 'Kling'", baseUrl: 'https://relay.example' },
          options: { dialect: 'kling', path_prefix: '/kling' },
        },
        'kling-direct': { baseUrl: 'https://api.klingai.com', options: { auth: { scheme: 'kling-jwt' } } },
        images: { adapter: 'openai', baseUrl: 'https://img.example', label: 'Images — 图' },
      },
      models: { 'gpt-image-1': { images: { model: 'gpt-image-1-hd' } } },
      splits: {
        kling: {
          ...{ key: 'KLING_WEIGHTS', kind: 'relay', match: { prefixes: ['/kling'] } },
          policy: {
            ...{ baseline: 'gathered-kling', candidate: 'kling-direct' },
            stages: [{ name: 'D1' }, { name: 'D2' }, { weights: { 'gathered-kling': 0.8334, 'kling-direct': 0.1666 } }],
          },
        },
      },
    });
    expect(found.notes).toEqual(
      expect.arrayContaining([
        { of: 'channel 4 "Claude"', what: 'nothing here speaks Anthropic', isLeftOut: true },
        expect.objectContaining({ what: expect.stringContaining('has 2 keys') }),
        expect.objectContaining({ what: expect.stringContaining('/v1 at the end of its address') }),
        expect.objectContaining({ what: expect.stringContaining('has a model that makes no images') }),
      ]),
    );
  });

  it('one-api numbers some types otherwise, and is known by its columns', () => {
    const found = read(of({ type: 36, config: '' }, { type: 39, config: '' }));
    expect(found.from).toBe('one-api');
    expect(found.providers).toHaveLength(1);
    expect(found.notes[0]?.what).toBe('nothing here speaks DeepSeek');
  });
});

describe('what becomes of them', () => {
  it('models that the same channels serve are a split, by the highest priority first', () => {
    const two = [
      { priority: 9, weight: 0 },
      { priority: 9, weight: 30 },
      { priority: 0, weight: 99 },
    ];
    const { flux } = { flux: config(of(...two)).splits['flux-dev'] };
    expect(flux.match).toEqual({ models: ['flux-dev'] });
    expect(flux.policy).toMatchObject({ baseline: 'c-2', candidates: ['c-1', 'c-3'] });
    expect(flux.policy.stages.at(-1).weights).toEqual({ 'c-2': 0.8, 'c-1': 0.2, 'c-3': 0 });
    const backup = config(of({ priority: 9 }, {})).splits['flux-dev'].policy;
    expect(backup.stages.at(-1).weights).toEqual({ 'c-1': 0, 'c-2': 1 });
    const alone = of({}, { models: 'dall-e-3' }, { models: 'runway', base_url: 'https://relay.example' });
    expect(config(alone).splits).toEqual({});
    // Nothing is sent to what is in no split, which is said of each.
    const said = notes(alone).filter((each) => each.includes('no split leads to'));
    expect(said.map((each) => /alone with (.*?): .* leads to (\S+)/.exec(each)?.slice(1))).toEqual([
      ['any of its models', 'c-1'],
      ['any of its models', 'c-2'],
      ['the dialect runway', 'c-3'],
    ]);
    expect(config(of({}, {}), { hasSplits: false }).splits).toEqual({});
  });

  it('one that is off, or of another group, gets no traffic; more than eight arms are not kept in silence', () => {
    const { providers, splits } = config(of({}, {}, { status: 3 }, { group: 'vip' }));
    expect(providers['c-3'].state).toBe('off');
    expect(Object.keys(splits['flux-dev'].arms)).toEqual(['c-1', 'c-2']);
    expect(notes(of({}, {}, { group: 'vip' }))).toContainEqual(
      expect.stringContaining('of the group vip and not of default'),
    );
    const models = Array.from({ length: 70 }, (_, at) => `flux-${at}`).join(',');
    expect(notes(of({ models }, { models }))).toContainEqual(expect.stringContaining('no room for 6 more models'));
    expect(notes(of(...Array.from({ length: 10 }, () => ({}))))).toContainEqual(
      expect.stringContaining('no room for c-10'),
    );
  });

  it.each([
    [{ base_url: 'https://user:pass@img.example' }, 'a user name or a password'],
    [{ base_url: 'https://img.example/?key=abcdefgh' }, 'holds a query'],
    [{ base_url: 'javascript:alert(1)' }, 'no web address'],
    [{ base_url: 'http://img.example' }, '--private'],
    [{ base_url: 'https://10.0.0.7' }, '--private'],
    [{ base_url: 'https://[::1]:3000' }, '--private'],
    [{ base_url: 'https://img.example/a b' }, 'a path that cannot stand'],
    [{ type: 8, base_url: '' }, 'names no address'],
    [{ models: 'gpt-4o' }, 'none of its models is known to make images'],
    [{ type: 52 }, 'nothing here speaks Vidu'],
    [{ type: 4711 }, 'nothing here speaks type 4711'],
    [{ type: 'x' }, 'no id or no type'],
  ])('%j is left out, and said why', (channel, why) => {
    const found = read(of(channel));
    expect(found.providers).toEqual([]);
    expect(found.notes).toMatchObject([{ isLeftOut: true, what: expect.stringContaining(why) }]);
  });

  it('takes in what is meant: own networks, models of other names, relays by the names of models', () => {
    const own = config(of({ base_url: 'http://10.0.0.7:3000/api/' }), { isPrivate: true }).providers['c-1'];
    expect(own).toMatchObject({ baseUrl: 'http://10.0.0.7:3000', options: { path_prefix: '/api', private: true } });
    const mine = config(of({ models: 'my-maker' }), { isImage: (model) => model === 'my-maker' });
    expect(mine.models).toEqual({ 'my-maker': { 'c-1': { model: 'my-maker' } } });
    const relayed = of({ base_url: 'https://relay.example', models: 'runwayml-gen3,runwayml-gen4' });
    expect(config(relayed).providers['c-1'].options).toEqual({ dialect: 'runway', path_prefix: '/runwayml' });
    expect(notes(relayed)[0]).toContain('is taken for a relay of runway at /runwayml');
    const under = { base_url: 'https://relay.example/api/runwayml/', models: 'runway' };
    expect(config(of(under)).providers['c-1'].options.path_prefix).toBe('/api/runwayml');
    expect(notes(of(under)).join()).toContain('/runwayml at the end of its address, where it would stand twice');
    // A channel that passes on whole APIs, whatever number its type has in a fork.
    const services = { type: 55, base_url: 'https://relay.example', models: 'runway,pika,kling,jimeng,suno' };
    const { providers } = config(of(services));
    const paths = { runway: '/runwayml', pika: '/pika', kling: '/kling', jimeng: '/jimeng', suno: '/suno' };
    expect(Object.keys(providers)).toHaveLength(5);
    for (const [dialect, path_prefix] of Object.entries(paths))
      expect(providers[`c-1-${dialect}`].options).toEqual({ dialect, path_prefix });
    const sora = config(of({ ...services, models: 'sora-2' })).providers['c-1'];
    expect(sora.options).toEqual({ dialect: 'openai-videos' });
  });
});

describe('hostile dumps', () => {
  it.each([
    ['nothing', '', 'holds no channels'],
    ['another table', 'INSERT INTO users VALUES (1);', 'holds no channels'],
    [
      'a quote that never ends',
      "INSERT INTO channels (id, type) VALUES (1, 'sk-secret",
      'line 1 begins something in quotes that never ends',
    ],
    ['a remark that never ends', '/* sk-secret', 'a remark that never ends'],
    ['values without columns', 'INSERT INTO channels VALUES (1);', 'nothing before it says which columns'],
    [
      'too few values',
      "\nINSERT INTO channels (id, type, key) VALUES (1, 'sk-secret');",
      'line 2 is of a channel with 2 values for 3 columns',
    ],
    ['a call', "INSERT INTO channels (id) VALUES (load_file('/etc/passwd'));", 'none of those of a dump'],
    ['a query', 'INSERT INTO channels (id) SELECT 1;', 'no list of values'],
    ['a block that never ends', 'COPY channels (id) FROM stdin;\n1\n', 'within a block of data'],
    ['half of JSON', '[{"key": "sk-secret"', 'no JSON'],
    ['JSON of something else', '[1, 2]', 'no objects'],
    ['a packed one', '\x1f\x8b', 'packed'],
    ['a database', 'SQLite format 3\0', '.dump'],
    ['too many', `INSERT INTO channels (id) VALUES ${'(1),'.repeat(5100)}(1);`, 'the most'],
  ])('%s is refused by a sentence that shows nothing of it', (_, text, why) => {
    const bytes = text.startsWith('\x1f') ? Buffer.from([0x1f, 0x8b, 8]) : Buffer.from(text);
    const reading = () => importChannels(bytes, state, choice);
    expect(reading).toThrow(DumpFault);
    expect(reading).toThrow(why);
    expect(reading).not.toThrow(/secret|passwd/);
  });

  it('names that would be obeyed, look like keys or are taken become harmless ones', () => {
    const names = ['\u001b[31mred\u202e', 'sk-live-4f1c9a7be2d8c3b1', '图像', 'fal', '', '__proto__', 'x'.repeat(400)];
    const taken = [{ of: 'provider', id: ['fal'], values: { adapter: 'fal', baseUrl: null, label: 'FAL' } }];
    const dump = Buffer.from(of(...names.map((name) => ({ name })), { id: 1, name: 'twice' }));
    const found = importChannels(dump, { ...state, rows: taken } as unknown as StoredState, {
      ...choice,
      hasSplits: false,
    });
    expect(found.providers.map(({ name }) => name)).toEqual([
      ...['mred', 'channel-2', 'channel-3', 'fal-4', 'channel-5', 'proto', 'x'.repeat(24)],
    ]);
    for (const sign of ['\u001b', '\u202e', 'sk-live']) expect(found.yaml).not.toContain(sign);
    expect(found.notes.at(-1)?.what).toContain('stands in the dump twice');
    expect(() => readRows('dump', Buffer.from(found.yaml))).not.toThrow();
  });

  it('looks at 20 MB of other tables without a stumble', () => {
    const other = `INSERT INTO \`logs\` VALUES ${"(1,'it\\'s; /* ''not a remark'),".repeat(600_000)}(2,'');\n`;
    expect(read(mysql.replace('DROP TABLE', `${other}DROP TABLE`)).providers).toHaveLength(3);
  }, 20_000);
});
