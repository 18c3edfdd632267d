import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLogin } from '../support/command-login';
import { type TestDatabase, testDatabase } from '../support/database';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let database: TestDatabase;
let login: Awaited<ReturnType<typeof commandLogin>>;
/** What stands before the last @ is a name and a password. */
const told = { webhook_url: 'https://ann:pass@word@told.example:8443/hook' };
const ids = { running: '', done: '', blocked: '' };

async function add(change: object, step: object | null = { state: 'accepted', upstream_id: 'up-1' }): Promise<string> {
  const { sql } = database;
  const row = {
    ...{ split: 'FILM_WEIGHTS', door: 'openai', caller: 'shop', request_id: 'r-1', arm: 'kling', assigned: 'kling' },
    ...{ provider: 'fal', adapter: 'fal', key_version: 0, base_url: 'https://fal.run', model: 'kling-v2' },
    ...{ provider_model: 'fal-ai/kling', ...change },
  };
  const [job] = await sql<{ id: string }[]>`insert into sluice.jobs ${sql(row)} returning id`;
  const id = job?.id ?? '';
  if (step) await sql`update sluice.jobs set ${sql({ ...step })} where id = ${id}`;
  return id;
}

beforeAll(async () => {
  database = await testDatabase();
  ids.running = await add({});
  ids.done = await add({ ...told, provider: 'runware', request_id: 'r-2' }, { state: 'accepted', upstream_id: 'up-2' });
  await database.sql`update sluice.jobs set state = 'completed', ended_at = now() + interval '95 seconds', due_at = null,
    cost_usd = 0.35, outputs = '[{"url": "https://example.com/film.mp4", "kind": "video"}]' where id = ${ids.done}`;
  ids.blocked = await add(
    { request_id: 'r-3' },
    { state: 'accepted', upstream_id: 'up-3', blocked: 'fal has no key', due_at: new Date(Date.now() + 3_600_000) },
  );
  login = await commandLogin(database);
}, 60_000);
afterAll(async () => {
  await login?.drop();
  await database.close();
});

const sluice = (...args: string[]) => sluiceLine(['jobs', ...args], { databaseUrl: login.url });

describe('sluice jobs', () => {
  it('lists them, all or those that are asked for', async () => {
    const all = await sluice('--json');
    expect(JSON.parse(all.stdout).jobs).toHaveLength(3);
    const open = await sluice('list', '--state', 'open', '--provider', 'fal');
    expect(open.stdout).toContain(ids.running);
    expect(open.stdout).toContain('fal has no key');
    expect(open.stdout).not.toContain(ids.done);
    const first = await sluice('list', '--arm', 'kling', '--limit', '2');
    expect(first.stdout).toContain(`There are older ones: --before ${ids.done}`);
    const blocked = await sluice('list', '--state', 'blocked', '--before', ids.done, '--json');
    expect(JSON.parse(blocked.stdout)).toMatchObject({ jobs: [], next: null });
    const wrong = await sluice('list', '--state', 'lost');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--state is "lost"') });
  });

  it('shows one by any of its names, with what happened when', async () => {
    for (const name of [ids.done, `video_${ids.done.replaceAll('-', '')}`, 'up-2', 'r-2']) {
      const shown = await sluice('show', name);
      expect(shown.stdout, name).toMatch(/^result +video, at example\.com$/m);
      expect(shown.stdout).toMatch(/^webhook +told\.example:8443: /m);
      expect(shown.stdout).toMatch(/\+1 min 35 s +completed/);
    }
    const none = await sluice('show', 'nobody');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no job "nobody"') });
  });

  it('asks a provider to stop one that runs, and no other', async () => {
    const late = await sluice('cancel', ids.done, '--yes');
    expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('it is completed already') });
    const asked = await sluice('cancel', ids.running, '--yes');
    expect(asked).toMatchObject({ code: 0 });
    const [row] = await database.sql`
      select cancel_asked_at is not null as asked, due_at <= now() as due from sluice.jobs where id = ${ids.running}`;
    expect(row).toEqual({ asked: true, due: true });
  });

  it('makes one due, or all of a provider, whatever blocked them', async () => {
    expect(await sluice('retry-poll', ids.blocked)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 job is'),
    });
    const [row] = await database.sql`select blocked, due_at <= now() as due from sluice.jobs where id = ${ids.blocked}`;
    expect(row).toEqual({ blocked: null, due: true });
    expect(await sluice('retry-poll', '--provider', 'fal')).toMatchObject({
      stdout: expect.stringContaining('2 jobs are due now'),
    });
    expect(await sluice('retry-poll', ids.done)).toMatchObject({ code: 1 });
  });

  it('says what still runs somewhere, and waits no longer than it is told to', async () => {
    const busy = await sluice('drain', 'fal', '--json');
    expect(busy.code).toBe(1);
    expect(JSON.parse(busy.stdout).open).toMatchObject([{ provider: 'fal', arm: 'kling', jobs: 2 }]);
    expect(await sluice('drain', 'runware')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No job runs at'),
    });
  });

  it("names a relay's model where its create did, and its dialect beside its adapter", async () => {
    const relay = { provider: 'kling-direct', adapter: 'relay', provider_model: 'kling', arm: 'passed' };
    await database.sql`insert into sluice.providers (name, label, adapter, base_url, options)
      values ('kling-direct', 'K', 'relay', 'https://api.example.com', '{"dialect":"kling"}')`;
    const nameless = await add({ ...relay, model: 'kling' });
    const named = await add({ ...relay, model: 'kling-v1' });
    const { stdout } = await sluice('list', '--arm', 'passed');
    const line = (id: string) => stdout.split('\n').find((each) => each.startsWith(id));
    expect(line(nameless)).toMatch(/passed +\| kling-direct +\| – +\| shop/);
    expect(line(named)).toMatch(/passed +\| kling-direct +\| kling-v1 +\| shop/);
    const shown = await sluice('show', named);
    expect(shown.stdout).toMatch(/^provider +kling-direct \(relay, kling\) at .*\nmodel +kling-v1$/m);
  });
});
