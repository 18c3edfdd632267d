import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openWorld, type World } from '../inputs/world';
import { freePort } from '../support/postgrest';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let world: World;
beforeAll(async () => {
  world = await openWorld({ SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' });
  for (const name of ['fal', 'runware'] as const) world.sandbox.control(name, { jobMs: 200 });
});
afterAll(() => world.close());

const text = await readFile('docs/video.md', 'utf8');
const blocksOf = (language: string) =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, name, body = '']) => (name === language ? [body] : []));
/** As a shell would: a word in quotes is one. */
const wordsOf = (line: string) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));

/** What the last of its lines printed. */
async function run(block: string | undefined): Promise<string> {
  let printed = '';
  for (const line of (block ?? '').trim().split('\n')) {
    expect(line).toMatch(/^npx sluice /);
    const ran = await sluiceLine([...wordsOf(line).slice(2), '--yes'], {
      databaseUrl: world.api.rollout.database.url,
      env: { FAL_BASE_URL: world.sandbox.falUrl, RUNWARE_BASE_URL: world.sandbox.runwareUrl, CI: '' },
    });
    expect(ran, `${line}: ${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
    printed = ran.stdout;
  }
  return printed;
}

describe('docs/video.md, word for word', () => {
  it('makes a split of videos, a video in it, and takes the candidate back', { timeout: 240_000 }, async () => {
    const [make, move] = blocksOf('bash');
    await run(make);
    const order = { method: 'POST', path: '/api/jobs', body: JSON.parse(blocksOf('json')[0] ?? '') } as const;
    const begun = await vi.waitFor(async () => {
      const said = await world.send('front', order);
      expect(said.body.split, said.text).toBe('film');
      return said;
    }, 60_000);
    expect(begun.status).toBe(202);
    const done = await vi.waitFor(async () => {
      const said = await world.send('front', { method: 'GET', path: `/api/jobs/${begun.body.id}` });
      expect(said.body.status, said.text).toBe('completed');
      return said.body as unknown as { outputs: readonly { url: string }[] };
    }, 60_000);
    expect(done.outputs[0]?.url).toMatch(/^http/);
    await run(move);
    const foretold = await run(blocksOf('bash')[3]);
    expect(foretold).toMatch(/^Ends of jobs[\s\S]*^stage \| candidate/m);
    expect(foretold).toMatch(/^D1, runware-kling at [\d.]+ orders a minute: too few jobs end within a window/m);
  });

  it('tells the receiver that it prints how a job ended', { timeout: 120_000 }, async () => {
    const secret = /whsec_\S+/.exec(await run(blocksOf('bash')[2]))?.[0] ?? '';
    const port = await freePort();
    const child = spawn(process.execPath, ['--input-type=module', '-e', blocksOf('js')[0] ?? ''], {
      env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (data) => {
      printed += data;
    });
    const webhook = `http://127.0.0.1:${port}/`;
    try {
      const strange = () => fetch(webhook, { method: 'POST', body: '{}' }).catch(() => ({ status: 0 }));
      await vi.waitFor(async () => expect((await strange()).status).toBe(401), 20_000);
      const order = { ...JSON.parse(blocksOf('json')[0] ?? ''), webhook };
      const begun = await world.send('front', { method: 'POST', path: '/api/jobs', body: order });
      expect(begun.status, begun.text).toBe(202);
      await vi.waitFor(() => expect(printed).toContain(`job.completed ${begun.body.id}`), 60_000);
    } finally {
      child.kill();
    }
  });

  it('has the same blocks in Chinese', async () => {
    const other = await readFile('docs/video.zh-CN.md', 'utf8');
    for (const block of [...blocksOf('bash'), ...blocksOf('json'), ...blocksOf('js')]) expect(other).toContain(block);
  });
});
