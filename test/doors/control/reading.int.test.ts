import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { adminToken, type TestApi, testApi } from '@/test/support/api';
import { backdate, logTraffic } from '@/test/support/rollout';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
  await backdate(api.rollout.sql, 3600);
  await logTraffic(api.rollout.sql, { provider: 'fal', fromSecondsAgo: 1800, perMinute: 60 });
  await logTraffic(api.rollout.sql, { fromSecondsAgo: 1800, toSecondsAgo: 900, perMinute: 30, latencyMs: 2500 });
  await logTraffic(api.rollout.sql, { fromSecondsAgo: 900, perMinute: 30, failEvery: 3, latencyMs: 2500 });
});
afterAll(() => api.close());

describe('GET /api/metrics', () => {
  it('shows both providers, the breach, the failures and how the two compare', async () => {
    const { status, body } = await api.call(door, { path: '/api/metrics?window=2h' });
    expect(status).toBe(200);
    expect(Object.keys(body.providers as object).sort()).toEqual(['fal', 'runware']);
    expect(body).toMatchObject({
      breaches: expect.arrayContaining([expect.objectContaining({ metric: 'failure_rate' })]),
      failures: { runware: { provider_5xx: expect.any(Number) } },
      markers: expect.arrayContaining([expect.objectContaining({ stage_to: 'D1' })]),
    });
    const rows = body.comparison as {
      metric: string;
      verdict: string;
      sql: string;
      candidate: { value: number; interval: number[] };
    }[];
    const failures = rows.find(({ metric }) => metric === 'failure_rate');
    expect(failures).toMatchObject({ verdict: 'worse' });
    expect(failures?.candidate.value).toBeCloseTo(1 / 6, 1);
    expect(failures?.candidate.interval[0]).toBeLessThan(failures?.candidate.value ?? 0);
    for (const row of rows) await expect(api.rollout.sql.unsafe(row.sql)).resolves.toBeDefined();
  });

  it.each([
    'window=abc',
    'window=0h',
    'window=-1h',
    'window=11d',
    'from=2026-01-02&to=2026-01-01',
    'from=yesterday',
    'to=2026-13-45',
  ])('%s is 422', async (query) => {
    expect(await api.call(door, { path: `/api/metrics?${query}` })).toMatchObject({
      status: 422,
      body: { code: 'query-invalid' },
    });
  });
});

describe('GET /api/journal', () => {
  it('lists the newest first, filters, pages, and shows one entry', async () => {
    const { body } = await api.call(door, { path: '/api/journal?limit=1' });
    const [newest] = body.entries as { id: number; verb: string }[];
    expect(newest).toMatchObject({ verb: 'sql', stage_to: 'D1' });
    const older = await api.call(door, { path: `/api/journal?before=${newest?.id}` });
    expect((older.body.entries as unknown[]).length).toBe(1);
    expect(await api.call(door, { path: `/api/journal/${newest?.id}` })).toMatchObject({
      status: 200,
      body: { id: newest?.id },
    });
    expect(await api.call(door, { path: '/api/journal/99999' })).toMatchObject({
      status: 404,
      body: { code: 'no-such-entry' },
    });
    expect(await api.call(door, { path: '/api/journal/x' })).toMatchObject({ status: 404 });
  });

  it('as CSV begins with a byte-order mark and runs no formula', async () => {
    await rollBack(api.rollout.control, { reason: '=HYPERLINK("http://evil","x")', actor: 'operator:ann' });
    const { headers, text } = await api.call(door, { path: '/api/journal?format=csv&verb=rollback' });
    expect(headers.get('content-type')).toContain('text/csv');
    const response = await api.request(door, { path: '/api/journal?format=csv&verb=rollback' });
    expect([...new Uint8Array(await response.arrayBuffer()).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(text).toContain(`"'=HYPERLINK(""http://evil"",""x"")"`);
  });

  it.each(['limit=-1', 'limit=0', 'limit=x', 'limit=1e3', 'before=0', 'from=2026-01-02&to=2026-01-01', 'format=xml'])(
    '%s is 422',
    async (query) => {
      expect(await api.call(door, { path: `/api/journal?${query}` })).toMatchObject({
        status: 422,
        body: { code: 'query-invalid' },
      });
    },
  );
});

describe('the policy', () => {
  it('is shown with its version, saved against it, and refused in words', async () => {
    const shown = await api.call(door, { path: '/api/policy' });
    expect(shown).toMatchObject({ status: 200, body: { version: 0, source: 'default', policy: { minRequests: 150 } } });
    const put = (body: unknown, version: number | null) =>
      api.call(door, { path: '/api/policy', method: 'PUT', body, version });
    expect(await put({ policy: { minRequests: 200 } }, null)).toMatchObject({ status: 428 });
    expect(await put({ policy: { minRequests: -1 } }, 0)).toMatchObject({
      status: 422,
      body: { code: 'policy-invalid', faults: [expect.stringContaining('minRequests')] },
    });
    const surer = { policy: { minRequests: 200 }, reason: 'surer' };
    expect(await put(surer, 0)).toMatchObject({
      status: 409,
      body: { code: 'confirmation-needed', lines: [{ metric: 'failure_rate' }] },
    });
    expect(await put({ ...surer, confirm: true }, 0)).toMatchObject({ status: 200 });
    expect(await put({ policy: { minRequests: 250 } }, 0)).toMatchObject({
      status: 412,
      body: { code: 'stale-version', by: expect.any(String) },
    });
    expect(await api.call(door, { path: '/api/policy' })).toMatchObject({
      body: { source: 'row', policy: { minRequests: 200 } },
    });
  });

  it('may be tried on the log before it is saved', async () => {
    const tried = await api.call(door, { path: '/api/replay', method: 'POST', body: { window: '2h', policy: {} } });
    expect(tried).toMatchObject({ status: 200, body: { red_line: 'failure_rate', rollback_at: expect.any(String) } });
    const lenient = { redLines: [{ metric: 'failure_rate', limit: 0.9, window: '5m', hold: '5m' }] };
    const other = await api.call(door, {
      path: '/api/replay',
      method: 'POST',
      body: { window: '2h', policy: lenient },
    });
    expect(other).toMatchObject({ status: 200, body: { rollback_at: null } });
  });
});

describe('GET /api/stream', () => {
  it('sends the snapshot at once, and again when something was written by anyone', async () => {
    const response = await api.request(door, { path: '/api/stream' });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    const until = async (pattern: RegExp) => {
      let text = '';
      while (!pattern.test(text)) text += decoder.decode((await reader.read()).value, { stream: true });
      return text;
    };
    expect(await until(/event: snapshot\ndata: .*\n\n/)).toContain('"me":{"name":"operator:admin","role":"admin"}');
    await api.rollout
      .sql`update feature_flags set flag_value_text = '{"fal":0.97,"runware":0.03}' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    expect(await until(/"runware":0\.03/)).toContain('"stage":"custom"');
    await reader.cancel();
  });

  it('needs a session', async () => {
    expect(await api.call(door, { path: '/api/stream', signedIn: false })).toMatchObject({ status: 401 });
  });
});

describe('GET /api/openapi.json', () => {
  it('describes every route, whoever asks', async () => {
    const { status, body } = await api.call(door, { path: '/api/openapi.json', signedIn: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/rollout/advance': { post: { 'x-role': 'operator' } } },
    });
    expect(JSON.stringify(body)).not.toContain(adminToken);
  });
});
