import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from '../inputs/world';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let world: World;
let folder: string;
beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'sluice-models-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const text = await readFile('docs/models.md', 'utf8');
const blocksOf = (language: string) =>
  [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, name, body = '']) => (name === language ? [body] : []));
/** As a shell would: a word in quotes is one. */
const wordsOf = (line: string) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
const sluice = (args: readonly string[]) =>
  sluiceLine(args, {
    databaseUrl: world.api.rollout.database.url,
    env: { FAL_BASE_URL: world.sandbox.falUrl, RUNWARE_BASE_URL: world.sandbox.runwareUrl, CI: '' },
  });

describe('docs/models.md, word for word', () => {
  it.each(blocksOf('json'))('makes an image of %s', async (body) => {
    const said = await world.send('front', { method: 'POST', path: '/api/generate', body: JSON.parse(body) });
    expect(said.status, said.text).toBe(200);
  });

  it('refuses what it says is refused', async () => {
    const body = { prompt: 'x', sparkle: 1 };
    const said = await world.send('front', { method: 'POST', path: '/api/generate', body });
    const line = `${said.status} ${said.body.code}: ${said.body.detail}`;
    expect(line.replace(/\.$/, '')).toContain(blocksOf('text').at(-1)?.trim().split(' (')[0]);
  });

  it('runs every command', async () => {
    const lines = blocksOf('bash').flatMap((block) => block.trim().split('\n'));
    for (const line of lines) {
      expect(line).toMatch(/^npx sluice /);
      const ran = await sluice(wordsOf(line).slice(2));
      expect(ran, `${line}: ${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
    }
  });

  it('has a file that can be planned', async () => {
    const file = join(folder, 'sluice.yaml');
    await writeFile(file, blocksOf('yaml')[0] ?? '');
    const ran = await sluice(['plan', file]);
    expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('flux-fast') });
  });
});
