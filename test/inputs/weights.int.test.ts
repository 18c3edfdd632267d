import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommand } from '@/scripts/sluice/run-command';
import { writeWeights } from '../support/rollout';
import { sluiceLines } from '../support/sluice-line';
import { expectDecent, expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

const sluiceLine = sluiceLines();
let world: World;
let script: ScriptSayings;
beforeAll(async () => {
  world = await openWorld();
  script = await sayingsOfScript(rows.map(([text]) => text));
}, 120_000);
afterAll(() => world.close());
afterEach(() => vi.restoreAllMocks());

const split = 'GEN_PROVIDER_WEIGHTS';
const long = 'y'.repeat(1000);

/** What was written, and what every door must say of it. `kind` of what no JSON body can carry. */
const rows: readonly (readonly [string, string, 'not JSON'?])[] = [
  ['null', '\'null\' is null; weights are an object like {"fal":0.9,"runware":0.1}'],
  ['[]', "'[]' is an array; weights are an object"],
  ['"x"', '\'"x"\' is a string; weights are an object'],
  ['1', "'1' is a number; weights are an object"],
  ['true', "'true' is a boolean; weights are an object"],
  ['{}', 'the weights name no provider; write an object like'],
  ['{"runware":1}', 'the weights leave out fal; the baseline and the candidate must both be named'],
  ['{"fal":1}', 'the weights leave out runware; the baseline and the candidate must both be named'],
  ['{"fal":0.9,"runwear":0.1}', "'runwear' is not an arm of this split; its arms are: fal, runware"],
  [`{"fal":0.9,"${long}":0.1}`, `'${'y'.repeat(64)}' is not an arm of this split`],
  ['{"fal\'; drop table feature_flags;--":1}', "'fal''; drop table feature_flags;--' is not an arm of this split"],
  ['{"FAL":0.9,"runware":0.1}', "'FAL' is not an arm of this split"],
  ['{"":1}', "'' is not an arm of this split"],
  ['{"fal":"0.9","runware":0.1}', 'the weight of fal is "0.9", a string; it must be a number from 0 to 1'],
  [`{"fal":"${long}","runware":0.1}`, 'a string; it must be a number from 0 to 1'],
  ['{"fal":null,"runware":1}', 'the weight of fal is null, a null; it must be a number from 0 to 1'],
  ['{"fal":true,"runware":0}', 'the weight of fal is true, a boolean; it must be a number'],
  ['{"fal":[1],"runware":0}', 'the weight of fal is [1], a array; it must be a number'],
  ['{"fal":{"a":1},"runware":0}', 'the weight of fal is {"a":1}, a object; it must be a number'],
  ['{"fal":-0.1,"runware":1.1}', 'the weight of fal is -0.1; it must be from 0 to 1'],
  ['{"fal":1.1,"runware":0}', 'the weight of fal is 1.1; it must be from 0 to 1'],
  ['{"fal":0,"runware":1e308}', 'the weight of runware is 1e308; it must be from 0 to 1'],
  ['{"fal":1e400,"runware":0}', 'the weight of fal is 1e400; it must be from 0 to 1'],
  ['{"fal":-1e-400,"runware":1}', 'the weight of fal is -1e-400; it must be from 0 to 1'],
  ['{"fal":1,"runware":0.1}', 'the weights add up to 1.1; they must add up to 1'],
  ['{"fal":0.8,"runware":0.1}', 'the weights add up to 0.9; they must add up to 1'],
  ['{"fal":0,"runware":0}', 'the weights add up to 0; they must add up to 1'],
  ['{"fal":0.5,"fal":0.5,"runware":0.5}', "provider 'fal' is written twice"],
  ['{"f\\u0061l":0.5,"fal":0.5,"runware":0.5}', "provider 'fal' is written twice"],
  ['{"__proto__":1,"fal":0,"runware":0}', "'__proto__' is not an arm of this split"],
  ['{"constructor":1,"fal":0,"runware":0}', "'constructor' is not an arm of this split"],
  ['', "'' is not JSON", 'not JSON'],
  ['{bad', "'{bad' is not JSON", 'not JSON'],
  ['NaN', "'NaN' is not JSON", 'not JSON'],
  ['{"fal":NaN,"runware":1}', 'is not JSON', 'not JSON'],
  [`{"fal":${long}`, 'is not JSON', 'not JSON'],
];

/** Each JSON parser has its own words for what it stumbled over. */
const plain = (sentence: string) => sentence.replace(/ \([^()]*(?:\([^()]*\)[^()]*)*\); write/s, '; write');

async function bySql(text: string): Promise<string> {
  const { sql } = world.api.rollout;
  const writes = [
    sql`update feature_flags set flag_value_text = ${text}, updated_at = now() where flag_key = ${split}`,
    sql`insert into feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
      values (${split}, false, ${text}, 'by hand', now(), now())
      on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text, updated_at = now()`,
  ];
  const said = await Promise.all(
    writes.map((write) => write.then(() => 'accepted').catch((fault: Error) => fault.message)),
  );
  expect(new Set(said).size).toBe(1);
  expect(said[0]).toMatch(new RegExp(`^${split} was not changed: `));
  return said[0]?.replace(`${split} was not changed: `, '') ?? '';
}

async function byCli(text: string): Promise<{ code: number; detail: string }> {
  vi.stubEnv('DATABASE_URL', world.api.rollout.database.url);
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    said += String(chunk);
    return true;
  });
  const code = await runCommand(['weights', '--yes', '--json', '--', text]);
  vi.restoreAllMocks();
  return { code, detail: (JSON.parse(said) as { error: { detail: string } }).error.detail };
}

type ScriptSayings = ReadonlyMap<string, { readonly code: number | null; readonly error: string }>;

/** The verb that the script hands its words to. */
async function sayingsOfScript(texts: readonly string[]): Promise<ScriptSayings> {
  const said = new Map<string, { code: number | null; error: string }>();
  for (const text of texts) said.set(text, await byLine(text));
  return said;
}

async function byLine(text: string): Promise<{ code: number | null; error: string }> {
  const { code, stdout } = await sluiceLine(['update-provider-weights', '--json', '--', text], {
    databaseUrl: world.api.rollout.database.url,
  });
  return { code, error: (JSON.parse(stdout) as { error: string }).error };
}

/** The plan's own script, as a process: it hands its words to that verb. */
function byScript(text: string): Promise<{ code: number | null; error: string }> {
  const env = { ...process.env, DATABASE_URL: world.api.rollout.database.url };
  const child = spawn(process.execPath, ['scripts/ops/update-provider-weights.mjs', '--json', '--', text], { env });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, error: (JSON.parse(out) as { error: string }).error })),
  );
}

describe('weights that are none', () => {
  it.each(rows.map(([text, names, kind]) => [text.slice(0, 64), text, names, kind] as const))(
    '%s',
    async (_, text, names, kind) => {
      const before = await world.state();
      const sentence = await bySql(text);
      expect(sentence).toContain(names);
      expectDecent(sentence, text);
      const cli = await byCli(text);
      expect(plain(cli.detail)).toBe(plain(sentence));
      expectDecent(cli.detail, text);
      expect(cli.code).toBe(kind === 'not JSON' ? 2 : 1);
      expect(script.get(text)).toEqual({ code: 1, error: sentence });
      for (const door of doors) {
        const raw = `{"weights": ${text}, "reason": "a try"}`;
        const version = await world.api.rollout.version();
        const said = await world.send(door, { method: 'PUT', path: '/api/rollout/weights', raw, version });
        if (kind === 'not JSON') {
          expectRefusal(said, { status: 400, code: 'malformed-json', sent: raw });
          continue;
        }
        expectRefusal(said, { status: 422, code: 'weights-invalid', sent: text });
        expect(said.body.detail).toBe(sentence);
      }
      expect(await world.state()).toEqual(before);
    },
  );

  it.each(['null', '[]', '"x"', '1', '{}'])('a whole body of %s', async (raw) => {
    const before = await world.state();
    for (const door of doors) {
      const version = await world.api.rollout.version();
      const said = await world.send(door, { method: 'PUT', path: '/api/rollout/weights', raw, version });
      const names = raw === '{}' ? ['the weights are missing'] : [raw, 'must be a JSON object'];
      expectRefusal(said, { status: 422, code: 'weights-invalid', names });
    }
    expect(await world.state()).toEqual(before);
  });

  it('null by raw SQL', async () => {
    const before = await world.state();
    const write = world.api.rollout.sql`update feature_flags set flag_value_text = null where flag_key = ${split}`;
    await expect(write).rejects.toThrow(`${split} was not changed: the weights are null`);
    expect(await world.state()).toEqual(before);
  });

  it('more than 4,096 characters', async () => {
    const text = `{"fal":1,"runware":0${' '.repeat(4100)}}`;
    const before = await world.state();
    const sentence = await bySql(text);
    expect(sentence).toMatch(/^the weights are \d+ characters long; at most 4096 are allowed/);
    expect((await byCli(text)).detail).toBe(sentence);
    expect(await byScript(text)).toEqual({ code: 1, error: expect.stringContaining('at most 4096') });
    expect(await world.state()).toEqual(before);
  });
});

describe('weights with rounding dust', () => {
  const sum = 0.7 + 0.2;
  it.each([
    [`{"fal":${sum},"runware":0.1}`, 0.1],
    ['{"fal":1,"runware":-0}', 0],
    ['{"fal":0.9000005,"runware":0.1}', 0.1],
    [' { "runware" : 1e-1 , "fal" : 9E-1 } ', 0.1],
    ['{"fal":1.0,"runware":0.0}', 0],
  ])('%s is accepted everywhere', async (text, candidate) => {
    const { sql } = world.api.rollout;
    const share = async () => {
      const [row] = await sql<{ share: number }[]>`
        select (flag_value_text::jsonb ->> 'runware')::float8 as share from feature_flags where flag_key = ${split}`;
      return row?.share;
    };
    const reset = () => writeWeights(sql, { fal: 0.5, runware: 0.5 });
    await reset();
    await sql`update feature_flags set flag_value_text = ${text} where flag_key = ${split}`;
    expect(await share()).toBeCloseTo(candidate, 6);
    for (const door of doors) {
      await reset();
      const version = await world.api.rollout.version();
      const raw = `{"weights": ${text}, "reason": "dust"}`;
      const said = await world.send(door, { method: 'PUT', path: '/api/rollout/weights', raw, version });
      expect(said.status, said.text).toBe(200);
      const given = said.body.weights as Record<string, number>;
      expect((given.fal ?? 0) + (given.runware ?? 0)).toBeCloseTo(1, 5);
      expect(Object.is(given.runware, -0)).toBe(false);
      expect(await share()).toBeCloseTo(candidate, 6);
    }
    await reset();
    vi.stubEnv('DATABASE_URL', world.api.rollout.database.url);
    vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    expect(await runCommand(['weights', '--yes', '--json', '--', text])).toBe(0);
    expect(await share()).toBeCloseTo(candidate, 6);
    await reset();
    expect((await byLine(text)).code).toBe(0);
    expect(await share()).toBeCloseTo(candidate, 6);
  });
});
