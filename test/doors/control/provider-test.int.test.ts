import { afterAll, beforeAll, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import * as answers from '@/lib/api/answers/registry';
import { runtime } from '@/lib/process/web';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { type Call, type TestApi, testApi } from '@/test/support/api';
import { sluiceLines } from '@/test/support/sluice-line';

const sluiceLine = sluiceLines();
let api: TestApi;
let sandbox: Sandbox;
let env: Record<string, string>;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7 });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 0 });
  env = {
    ...{ FAL_KEY: sandbox.falKey, RUNWARE_API_KEY: sandbox.runwareKey },
    ...{ FAL_BASE_URL: sandbox.falUrl, RUNWARE_BASE_URL: sandbox.runwareUrl },
  };
  api = await testApi(env);
  await runtime().firstRead;
});
afterAll(async () => {
  await api.close();
  await sandbox.close();
});

const send = (name: string, body: unknown = {}, call: Partial<Call> = {}) =>
  api.call(door, { path: `/api/providers/${name}/test`, method: 'POST', body, ...call });
const called = (name: 'fal' | 'runware') => sandbox.counters(name).inference ?? 0;
const rows = async () => {
  await runtime().dataPlane.events.flush();
  const [row] = await api.rollout.sql`select
    (select count(*) from analytics_logs)::int as events, (select count(*) from sluice.bucket_deltas)::int as deltas`;
  return row;
};

it('sends the cheapest image once, after its price was said, outside of every sample, and is journaled', async () => {
  const before = await rows();
  const planned = await send('fal', { dry_run: true });
  expect([planned.status, called('fal')]).toEqual([202, 0]);
  const plan = answers.providerTestPlan.parse(planned.body);
  expect(plan).toMatchObject({ asked: { kind: 'image' }, cost_usd: expect.any(Number) });
  expect(plan.cost_usd).toBeLessThanOrEqual(0.003);
  const { status, body } = await send('fal');
  expect([status, called('fal'), called('runware')]).toEqual([200, 1, 0]);
  const view = answers.providerTest.parse(body);
  expect(view).toMatchObject({ provider: 'fal', asked: plan.asked, ok: true, error: null, journaled: true });
  expect(view.latency_ms).toBeGreaterThan(0);
  expect(await rows()).toEqual(before);
  const [entry] = await api.rollout.sql`select j.actor, j.becomes from sluice.journal j where j.verb = 'provider_test'`;
  expect(entry).toMatchObject({
    actor: 'operator:admin',
    becomes: expect.stringMatching(/^test call at fal: .*, ok after/),
  });
});

it('tells what was sent and paid for also where the journal cannot have it', async () => {
  const { sql } = api.rollout;
  await sql`alter function sluice.note_provider_test(text, text) rename to note_nothing`;
  const before = called('fal');
  const said = await send('fal').finally(
    () => sql`alter function sluice.note_nothing(text, text) rename to note_provider_test`,
  );
  expect([said.status, called('fal') - before]).toEqual([200, 1]);
  expect(answers.providerTest.parse(said.body)).toMatchObject({ ok: true, journaled: false });
});

it("says a failure in the provider's words, from the CLI as well, and what cannot be called is not", async () => {
  sandbox.control('runware', { failureRate: 1, status: 500 });
  const { body } = await send('runware');
  const view = answers.providerTest.parse(body);
  expect(view).toMatchObject({ ok: false, error_kind: expect.any(String), error: expect.stringMatching(/\w/) });
  const { sql, database } = api.rollout;
  const ran = await sluiceLine(['providers', 'test', 'runware', '--yes', '--json'], { databaseUrl: database.url, env });
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ provider: 'runware', ok: false, error: view.error });
  const fine = await sluiceLine(['providers', 'test', 'fal', '--yes'], { databaseUrl: database.url, env });
  expect(fine).toMatchObject({ code: 0, stdout: expect.stringMatching(/^fal: .*, ok after \d+ ms, /) });
  const journaled = await sql`select j.actor from sluice.journal j where j.verb = 'provider_test' order by j.id`;
  expect(journaled).toHaveLength(4);
  expect(await send('nobody')).toMatchObject({ status: 404, body: { code: 'no-such-provider' } });
  await sql`insert into sluice.providers (name, adapter, label, state) values ('spare', 'openai', 'Spare', 'off')`;
  await expect
    .poll(async () => (await send('spare', { dry_run: true })).body)
    .toMatchObject({ code: 'provider-unusable', detail: expect.stringContaining('Nothing was sent') });
});
