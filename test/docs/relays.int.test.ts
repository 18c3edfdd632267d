import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
  beforeAll(async () => {
    [database, vendor] = await Promise.all([testDatabase(), PlayedVendor.start()]);
    plane = await testDataPlane({ env: { DATABASE_URL: database.url } });
  });
  afterAll(async () => {
    await plane.close();
    await vendor.close();
    await database.close();
  });

  /** The addresses of the page are nobody's: a vendor on this machine stands there. */
  const here = (line: string) =>
    line.replace(/https:\/\/[\w.-]+\.example/g, vendor.url).replace('{"dialect"', '{"private":true,"dialect"');

  const secret = randomBytes(32).toString('hex');

  async function run(block = ''): Promise<void> {
    const env = { SLUICE_SECRET_KEY: secret, CI: '' };
    for (const line of block.trim().split('\n').map(here)) {
      const stdin = line.includes('keys set') ? 'a-key-of-the-page' : '';
      const ran = await sluiceLine([...wordsOf(line).slice(2), '--yes'], { databaseUrl: database.url, stdin, env });
      expect(ran, `${line}: ${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
    }
  }

  it('makes a relay, uses it at once, moves it and takes it back', { timeout: 240_000 }, async () => {
    const [make, move, callers, look] = blocksOf('bash');
    await run(make);
    const curl = /localhost:3000(\S+) .*-d '([^']+)'/.exec(blocksOf('text')[0] ?? '');
    const asked = async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(plane.url + curl?.[1], { method: 'POST', headers, body: curl?.[2] ?? '' });
      return { status: answer.status, arm: answer.headers.get('x-sluice-arm') };
    };
    await eventually(asked, ({ status, arm }) => status === 200 && arm === 'old', 10_000);
    expect(vendor.last.url).toBe('/v1/things');
    await run(move);
    await run(callers);
    const [row] = await database.sql`select c.models from sluice.callers c`;
    expect(row).toEqual({ models: ['acme-fast*', 'acme-large'] });
    await run(look);
  });

  it('names every option there is, and the same commands in Chinese', async () => {
    const other = await readFile('docs/relays.zh-CN.md', 'utf8');
    for (const block of blocksOf('bash')) expect(other).toContain(block);
    for (const name of ['dialect', 'path_prefix', 'auth', 'headers', 'pass', 'timeout_ms', 'private']) {
      expect(text).toContain(`| \`${name}\``);
      expect(other).toContain(`| \`${name}\``);
    }
    expect(relayOptions({ pass: ['x-runway-version'] })).toMatchObject({ pass: ['x-runway-version'] });
  });
});
