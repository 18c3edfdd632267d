import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Models } from '@/lib/gateway/models/models';
import { createProvider } from '@/lib/gateway/providers/create-providers';
import { drawPng } from '@/lib/gateway/providers/sandbox/png';
import { readRegistry } from '@/lib/registry/read-registry';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { type TestDatabase, testDatabase } from '../support/database';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

const env = { SLUICE_SECRET_KEY: randomBytes(32).toString('hex') };
let database: TestDatabase;
let sandbox: Sandbox;
beforeAll(async () => {
  database = await testDatabase();
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await database.close();
});

function commandsOf(file: string): readonly string[] {
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```bash\n([\s\S]*?)^```/gm)];
  return blocks.flatMap(([, body = '']) => body.trim().split('\n'));
}
/** As a shell would: a word in quotes is one. */
const wordsOf = (line: string) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));

const commands = commandsOf('docs/adding-a-provider.md');

describe('docs/adding-a-provider.md', () => {
  it('says the same commands in Chinese', () => {
    expect(commandsOf('docs/adding-a-provider.zh-CN.md')).toEqual(commands);
  });

  it('adds Kling, AIMLAPI and their models by its commands as they stand', async () => {
    const lines = commands.filter((line) => / (?:kling|aimlapi) /.test(`${line} `));
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      expect(line).toMatch(/^npm run sluice -- /);
      const stdin = line.includes('keys set') ? 'access-key-1:secret-key-1' : '';
      const ran = await sluiceLine(wordsOf(line).slice(4), { databaseUrl: database.url, stdin, env });
      expect(ran, `${line}: ${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
    }
  }, 120_000);

  it('makes a video with each of those models', async () => {
    const { models: entries, providers } = await readRegistry(database.sql);
    const models = new Models(entries, providers);
    expect(models.faults()).toEqual([]);
    const image = [`data:image/png;base64,${drawPng(320, 320, 1).toString('base64')}`];
    const made: string[] = [];
    for (const name of ['kling', 'aimlapi'] as const) {
      sandbox.control(name, { latencyMs: 0, jobMs: 0 });
      const at = { name, key: sandbox[`${name}Key`], baseUrl: sandbox[`${name}Url`] };
      const provider = createProvider(name, at, []);
      for (const { alias } of entries.filter((entry) => entry.provider === name)) {
        const params = alias.endsWith('image-to-video') ? { image } : {};
        const request = { prompt: 'a lock gate', model: alias, n: 1, params, requestId: 'r-1' };
        const model = models.of(name, alias);
        if (!model || !provider?.jobs) throw new Error(`${alias} is not at ${name}`);
        expect(model.lostOf(request)).toEqual([]);
        const asked = { model, request, fields: model.tell(request).fields };
        const job = { id: randomUUID(), webhookUrl: null };
        const result = await provider.jobs.create(asked, job, AbortSignal.timeout(5000));
        expect(result, JSON.stringify(result)).toMatchObject({ ok: true, accepted: expect.anything() });
        made.push(`${name} ${alias}`);
      }
      await provider?.close();
    }
    expect(made).toContain('kling kling-2.5-turbo-pro');
    expect(made).toContain('aimlapi kling-2.5-turbo-pro');
  });
});
