import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '../support/data-plane';
import { type TestDatabase, testDatabase } from '../support/database';

// The curl lines of the pages, as a shell runs them; only the address is the test's.
const API_KEY = 'api-key-of-the-pages-0123456789abcdef';
const EVENT_KEY = 'event-key-of-the-pages-0123456789abcdef';
let database: TestDatabase;
let plane: TestDataPlane;

beforeAll(async () => {
  database = await testDatabase();
  plane = await testDataPlane({
    env: { DATABASE_URL: database.url, SLUICE_API_KEYS: API_KEY, SLUICE_EVENT_KEYS: EVENT_KEY },
  });
});
afterAll(async () => {
  await plane.close();
  await database.close();
});

const curls = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/```sh\n(curl[\s\S]*?)```/g)].map(([, command = '']) => command);

function run(command: string): Promise<{ status: number; body: Record<string, unknown>; headers: string }> {
  const script = command.replace('localhost:3000', new URL(plane.url).host).replace('curl -s', `curl -s -i`);
  const env = { ...process.env, API_KEY, EVENT_KEY };
  return new Promise((done, fail) => {
    execFile('/bin/sh', ['-c', script], { env, timeout: 50_000 }, (error, stdout) => {
      if (error) return fail(error);
      const [headers = '', body = ''] = stdout.split('\r\n\r\n');
      done({ status: Number(headers.split(' ')[1]), headers, body: JSON.parse(body) });
    });
  });
}

const programs = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program = '']) => program);

/** As node runs it where the packages are installed. */
function runProgram(program: string): Promise<string> {
  const at = new URL(plane.url).host;
  const script = program.replaceAll('localhost:3000', at);
  const env = { ...process.env, SLUICE_API_KEY: API_KEY };
  const said = 'console.log(JSON.stringify(typeof data === "undefined" ? image.mediaType : data));';
  return new Promise((done, fail) => {
    const options = { env, timeout: 50_000 };
    execFile(process.execPath, ['--input-type=module', '-e', `${script}\n${said}`], options, (error, stdout, stderr) =>
      error ? fail(new Error(stderr)) : done(stdout),
    );
  });
}

describe.each(['docs/calling.md', 'docs/calling.zh-CN.md'])('the programs of %s', (file) => {
  it("make an image by FAL's clients", async () => {
    const [client = '', aiSdk = ''] = programs(file);
    expect(JSON.parse(await runProgram(client))).toMatchObject({
      images: [{ width: 1024, height: 768 }],
      prompt: 'a lighthouse at dusk',
    });
    expect(await runProgram(aiSdk)).toMatch(/image\//);
  });
});

describe('docs/calling.md', () => {
  it('makes an image, and under one key only once', async () => {
    const [generate = '', keyed = ''] = curls('docs/calling.md');
    expect(await run(generate)).toMatchObject({ status: 200, body: { provider: expect.any(String) } });
    const first = await run(keyed);
    const again = await run(keyed);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatch(/^idempotency-replayed: true/im);
    const other = await run(keyed.replace('dusk', 'dawn'));
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
  });

  it('names the refusals as they are answered', async () => {
    const text = readFileSync('docs/calling.md', 'utf8');
    const [generate = ''] = curls('docs/calling.md');
    const refused = [
      await run(generate.replace('$API_KEY', 'no-key-of-anybody')),
      await run(generate.replace('$API_KEY', '$EVENT_KEY')),
      await run(generate.replace('1024', '7')),
    ];
    for (const { status, body } of refused)
      expect(text, `${status} ${body.code}`).toMatch(new RegExp(`\\| ${status} +\\| \`${body.code}\``));
  });
});

describe('docs/events.md', () => {
  it('reports by HTTP, and issues a voucher for what was made', async () => {
    const [report = '', voucher = ''] = curls('docs/events.md');
    expect(await run(report)).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(await run(voucher)).toMatchObject({ status: 404, body: { code: 'unknown-request' } });
    const made = await run(curls('docs/calling.md')[0] ?? '');
    const mine = voucher.replace('order-4711', String(made.body.request_id));
    expect(await run(mine)).toMatchObject({ status: 201, body: { issued: true, reason: 'regenerate' } });
    expect(await run(mine)).toMatchObject({ status: 200, body: { issued: false } });
  });

  it('lets a key that generates report on its own requests only', async () => {
    const [report = ''] = curls('docs/events.md');
    expect((await run(report.replace('$EVENT_KEY', '$API_KEY'))).status).toBe(422);
    const made = await run(curls('docs/calling.md')[0] ?? '');
    const own = report.replace('$EVENT_KEY', '$API_KEY').replace('order-4711', String(made.body.request_id));
    expect((await run(own)).status).toBe(202);
  });
});
