import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDialect } from '@/lib/registry/dialects/read-dialect';
import { readRegistry } from '@/lib/registry/read-registry';
import { dialectCalled, dialectIn, dialectNames } from '@/lib/relay/dialects/dialects';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { filmRules } from '@/test/support/own-dialect';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const add = (name: string, rules: unknown = filmRules, sql = database.sql) =>
  sql`insert into sluice.dialects (name, rules) values (${name}, ${JSON.stringify(rules)}::text::jsonb)`;
const speaker = (name: string, dialect: string, sql = database.sql) =>
  sql`insert into sluice.providers (name, label, adapter, base_url, options)
    values (${name}, 'P', 'relay', 'https://api.example.com', ${JSON.stringify({ dialect })}::text::jsonb)`;
const [create] = filmRules.creates;
const [poll] = filmRules.polls;

describe('a dialect of one’s own', () => {
  it('is journaled, versioned and part of the registry, and is spoken as long as a provider needs it', async () => {
    await expect(speaker('early', 'film')).rejects.toThrow(
      /options.dialect is "film"; it must be runway, .*or generic;/,
    );
    await add('film');
    await speaker('early', 'film');
    await database.sql`update sluice.dialects set rules = rules || '{"modelAt": ["/lens"]}' where name = 'film'`;
    const registry = await readRegistry(database.sql);
    expect(dialectIn(registry, 'film')).toMatchObject({ name: 'film', modelAt: ['/lens'], pace: { firstMs: 10_000 } });
    await expect(database.sql`delete from sluice.dialects where name = 'film'`).rejects.toThrow(
      'dialect film was not removed: providers still speak it: early; move their traffic and remove them first',
    );
    await database.sql`delete from sluice.providers where name = 'early'`;
    await database.sql`delete from sluice.dialects where name = 'film'`;
    const verbs = await database.sql`
      select j.verb, j.version::int as version from sluice.journal j where j.flag_key = 'sluice.registry' and j.verb ~ 'dialect' order by j.seq`;
    expect(verbs.map(({ verb }) => verb)).toEqual(['dialect_add', 'dialect_change', 'dialect_remove']);
    expect((await readRegistry(database.sql)).dialects).toEqual([]);
  });

  it('is not removed under a provider that begins to speak it at this moment', async () => {
    await add('brief');
    let begun = () => {};
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let end = () => {};
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    const speaking = database.sql.begin(async (tx) => {
      await speaker('late', 'brief', tx as never);
      begun();
      await isOver;
    });
    await isBegun;
    const removing = database.sql`delete from sluice.dialects where name = 'brief'`.then(
      () => 'removed',
      (error: Error) => error.message,
    );
    await expect
      .poll(async () => (await database.sql`select from pg_locks l where not l.granted`).length)
      .toBeGreaterThan(0);
    end();
    await speaking;
    expect(await removing).toContain('providers still speak it: late');
  });

  it.each(dialectNames.filter((name) => name !== 'generic'))('may say what %s says', async (name) => {
    const { name: _, ...rules } = dialectCalled(name) ?? { name: '' };
    await add(`my-${name}`, rules);
    const { dialects } = await readRegistry(database.sql);
    expect(dialects.find((each) => each.name === `my-${name}`)?.rules).toEqual(JSON.parse(JSON.stringify(rules)));
  });

  it.each([
    ['kling', filmRules, 'name is "kling", which is that of a dialect that ships; choose another'],
    ['Film', filmRules, 'must be 1 to 32 small letters'],
    ['a', [], 'rules is []; it must be an object'],
    ['a', { ...filmRules, state: 1 }, 'rules has the unknown key "state"'],
    ['a', { ...filmRules, creates: undefined }, 'rules.creates is missing; it must be a list'],
    ['a', { ...filmRules, creates: [] }, 'where nothing does, the dialect is generic'],
    ['a', { ...filmRules, creates: [{ ...create, method: 'TAKE' }] }, 'rules.creates[0].method is "TAKE"'],
    ['a', { ...filmRules, creates: [{ ...create, path: 'films' }] }, 'rules.creates[0].path is "films"'],
    ['a', { ...filmRules, creates: [{ ...create, id: 'x' }] }, 'rules.creates[0].id is "x"; it must be a list'],
    ['a', { ...filmRules, creates: [{ ...create, id: ['x'] }] }, 'must be a JSON pointer'],
    ['a', { ...filmRules, creates: [{ ...create, follow: undefined }] }, 'rules.creates[0].follow is missing'],
    ['a', { ...filmRules, creates: [{ ...create, wish: 1 }] }, 'rules.creates[0] has the unknown key "wish"'],
    ['a', { ...filmRules, polls: {} }, 'rules.polls is {}; it must be a list'],
    ['a', { ...filmRules, polls: [{ ...poll, does: 'look' }] }, 'rules.polls[0].does is "look"'],
    ['a', { ...filmRules, polls: [{ ...poll, idAt: { in: 'head' } }] }, 'rules.polls[0].idAt.in is "head"'],
    ['a', { ...filmRules, reading: undefined }, 'rules.reading is missing'],
    ['a', { ...filmRules, reading: { ...filmRules.reading, words: { cut: 'over' } } }, 'reading.words.cut is "over"'],
    ['a', { ...filmRules, reading: { ...filmRules.reading, words: { Cut: 'completed' } } }, 'in small letters'],
    ['a', { ...filmRules, reading: { ...filmRules.reading, words: { a: 'failed' } } }, 'no word for completed'],
    ['a', { ...filmRules, headers: 'x-a' }, 'rules.headers is "x-a"; it must be an object'],
    ['a', { ...filmRules, headers: { authorization: 'x' } }, 'rules.headers has "authorization", which holds a key'],
    ['a', { ...filmRules, headers: { 'X-Film': 'x' } }, 'must be the name of a header in small letters'],
    ['a', { ...filmRules, headers: { 'x-film': 1 } }, 'rules.headers.x-film is 1; it must be one line of plain text'],
    ['a', { ...filmRules, headers: { 'idempotency-key': 'k' } }, 'is "k"; it must be null: only a caller can say it'],
    ['a', { ...filmRules, headers: { 'content-type': 'a/b' } }, 'is "a/b"; it must be null: only a caller can say it'],
    ['a', { ...filmRules, error: { body: { a: 'x'.repeat(33_000) } } }, 'at most 32768 are allowed'],
  ])('%s %j is refused by SQL, and by our reading of it', async (name, rules, sentence) => {
    await expect(add(name, rules)).rejects.toThrow(sentence);
    expect(readDialect(JSON.parse(JSON.stringify(rules))).ok).toBe(name !== 'a');
  });

  it('has the same headers refused by both', async () => {
    const names = [
      ...['authorization', 'x-api-key', 'cookie', 'set-cookie', 'host', 'connection', 'keep-alive', 'te', 'trailer'],
      ...['transfer-encoding', 'upgrade', 'expect', 'content-length', 'accept-encoding', 'forwarded', 'via'],
      ...['x-real-ip', 'user-agent', 'proxy-a', 'x-forwarded-for', 'cf-ray', 'x-sluice-a', 'x-a', 'x_a', '-a', 'A', ''],
      ...['content-type', 'idempotency-key', 'x-idempotency-key', 'accept', 'a b', 'cfx', `a${'b'.repeat(64)}`],
    ];
    const said = names.flatMap((name) => [null, 'v'].map((value) => ({ [name]: value })));
    const rows = await database.sql<{ fault: string | null }[]>`
      select sluice.dialect_headers_fault(h.headers) as fault
      from jsonb_array_elements(${JSON.stringify(said)}::text::jsonb) with ordinality h (headers, n) order by h.n`;
    const bySql = said.filter((_, at) => rows[at]?.fault !== null);
    expect(bySql).toEqual(said.filter((headers) => !readDialect({ ...filmRules, headers }).ok));
    expect(bySql).toHaveLength(2 * 27 + 3);
  });

  it('keeps its name, and is never emptied out', async () => {
    await add('still');
    await expect(database.sql`update sluice.dialects set name = 'other' where name = 'still'`).rejects.toThrow(
      'name cannot change from "still" to "other"',
    );
    await expect(database.sql`truncate sluice.dialects`).rejects.toThrow('cannot be truncated');
  });

  it('that this build cannot read is said, and takes no other with it', async () => {
    const rules = { ...filmRules, creates: [{ ...create, path: '/films/{id}{id}' }] };
    await add('odd', rules);
    const { dialects, faults } = await readRegistry(database.sql);
    expect(dialects.map(({ name }) => name)).toContain('still');
    expect(faults).toMatchObject([{ of: 'dialect', name: 'odd', sentence: expect.stringContaining('creates.0.path') }]);
  });
});
