import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relayOptions } from '@/lib/gateway/providers/relay/options';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { PlayedVendor } from '../support/relay-world';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();
const text = await readFile('docs/relays.md', 'utf8');
const blocksOf = (language: string) =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, name, body = '']) => (name === language ? [body] : []));
/** As a shell would: a word in quotes is one. */
const wordsOf = (line: string) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));

describe('docs/relays.md, word for word', () => {
  let database: TestDatabase;
  let plane: TestDataPlane;
  let vendor: PlayedVendor;
  let folder: string;
  beforeAll(async () => {
    [database, vendor] = await Promise.all([testDatabase(), PlayedVendor.start()]);
    folder = await mkdtemp(join(tmpdir(), 'sluice-docs-'));
    plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
  });
  afterAll(async () => {
    await plane.close();
    await vendor.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  /** The addresses of the page are nobody's: a vendor on this machine stands there. */
  const here = (line: string) =>
    line
      .replace(/https:\/\/[\w.-]+\.example/g, vendor.url)
      .replace('{"dialect"', '{"private":true,"dialect"')
      .replace('films.json', join(folder, 'films.json'));

  const secret = randomBytes(32).toString('hex');

  async function run(block = ''): Promise<void> {
    const env = { SLUICE_SECRET_KEY: secret, CI: '' };
    for (const line of block.trim().split('\n').map(here)) {
      const stdin = line.includes('keys set') ? 'a-key-of-the-page' : '';
      const ran = await sluiceLine([...wordsOf(line).slice(2), '--yes'], { databaseUrl: database.url, stdin, env });
      expect(ran, `${line}: ${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
    }
  }

  /** As the command would, and which arm answered. */
  async function asked(curl = '') {
    const [, path = '', body = ''] = /localhost:3000(\S+) .*-d '([^']+)'/.exec(curl) ?? [];
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(plane.url + path, { method: 'POST', headers, body });
    return { status: answer.status, arm: answer.headers.get('x-sluice-arm') };
  }

  it('makes a relay, uses it at once, moves it and takes it back', { timeout: 240_000 }, async () => {
    const [make, move] = blocksOf('bash');
    await run(make);
    await eventually(
      () => asked(blocksOf('text')[0]),
      ({ status, arm }) => status === 200 && arm === 'old',
      20_000,
    );
    expect(vendor.last.url).toBe('/v1/things');
    await run(move);
  });

  it('speaks a dialect of one’s own: what is made by it is polled, followed and judged', {
    timeout: 240_000,
  }, async () => {
    await writeFile(join(folder, 'films.json'), blocksOf('json')[0] ?? '');
    let state = 'waiting';
    let made = 0;
    vendor.serve = ({ method, url = '' }, response) => {
      if (method === 'POST' && url === '/films') made += 1;
      const id = method === 'POST' ? `f${made}` : (/^\/films\/(f\d+)$/.exec(url)?.[1] ?? '');
      response.writeHead(id === '' ? 404 : 200, { 'content-type': 'application/json' });
      response.end(id === '' ? '{}' : JSON.stringify({ film: { id, state, url: `https://a.example/${id}.mp4` } }));
    };
    await run(blocksOf('bash').find((block) => block.includes('dialects add')));
    const order = () => asked(blocksOf('text').find((block) => block.includes('/films/')));
    await eventually(order, ({ status, arm }) => status === 200 && arm === 'old', 20_000);
    const row = async (id: string) =>
      (await database.sql`select j.state, j.model from sluice.jobs j where j.upstream_id = ${id}`)[0];
    expect(await row('f1')).toMatchObject({ state: 'accepted' });
    const poll = await fetch(`${plane.url}/films/films/f1`);
    expect(await poll.json()).toMatchObject({ film: { id: 'f1', state: 'waiting' } });
    const stranger = await fetch(`${plane.url}/films/films/f0`);
    expect([stranger.status, await stranger.json()]).toEqual([
      404,
      { trouble: expect.stringContaining("'f0'"), number: 7 },
    ]);
    state = 'cut';
    await eventually(
      async () => {
        await (await fetch(`${plane.url}/films/films/f1`)).arrayBuffer();
        return row('f1');
      },
      (now) => now?.state === 'completed',
      20_000,
    );
    await plane.runtime.dataPlane.events.flush();
    const ends = await database.sql`
      select l.event_data ->> 'arm' as arm from analytics_logs l where l.event_type = 'split_ok' and l.event_data ->> 'split' = 'FILMS_WEIGHTS'`;
    expect(ends.length).toBeGreaterThan(0);
    // Nobody asks for the second: we do, by the rule that began it.
    await order();
    const renamed = database.sql`update sluice.dialects d set rules = jsonb_set(d.rules, '{creates,0,path}', '"/reels"') where d.name = 'films'`;
    await expect(renamed).rejects.toThrow(
      'creates has "POST /films" no more, by which a job that still runs is asked for',
    );
    await database.sql`update sluice.jobs j set due_at = now() where j.upstream_id = 'f2'`;
    await eventually(
      () => row('f2'),
      (now) => now?.state === 'completed',
      20_000,
    );
    // Said otherwise, it is spoken so without a restart.
    await database.sql`update sluice.dialects d set rules = jsonb_set(d.rules, '{error,body}', '{"oh": "{sentence}"}') where d.name = 'films'`;
    await eventually(
      async () => (await fetch(`${plane.url}/films/films/f0`)).json(),
      (said) => 'oh' in said,
      20_000,
    );
    vendor.serve = null;
  });

  // Last: whoever stores a caller has closed the door to those without a key.
  it('holds a caller to models, and to what it may spend', async () => {
    await run(blocksOf('bash').find((block) => block.includes('callers add')));
    const [row] = await database.sql`select c.models from sluice.callers c`;
    expect(row).toEqual({ models: ['acme-fast*', 'acme-large'] });
    // In this world the relay that has jobs is that of the films.
    await run(
      blocksOf('bash')
        .find((block) => block.includes('callers limit'))
        ?.replace('runway', 'films'),
    );
    const [capped] = await database.sql`
      select s.quota -> 'jobs' ->> 'spend_per_day_usd' as usd from sluice.splits s where s.slug = 'films'`;
    expect(capped).toEqual({ usd: '400' });
    await run(blocksOf('bash').find((block) => block.includes('relay check')));
  });

  it('names every option there is, and the same commands in Chinese', async () => {
    const other = await readFile('docs/relays.zh-CN.md', 'utf8');
    for (const block of [...blocksOf('bash'), ...blocksOf('json')]) expect(other).toContain(block);
    for (const name of [
      'dialect',
      'path_prefix',
      'auth',
      'headers',
      'pass',
      'timeout_ms',
      'usd_per_create',
      'private',
    ]) {
      expect(text).toContain(`| \`${name}\``);
      expect(other).toContain(`| \`${name}\``);
    }
    expect(relayOptions({ pass: ['x-runway-version'] })).toMatchObject({ pass: ['x-runway-version'] });
  });
});
