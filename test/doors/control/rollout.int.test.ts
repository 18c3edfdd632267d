import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { type TestApi, testApi } from '@/test/support/api';
import { writeWeights } from '@/test/support/rollout';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const reason = { reason: 'because' };
const version = () => api.rollout.version();

describe('GET /api/rollout', () => {
  it('is one snapshot with its version as ETag, and nobody may keep it', async () => {
    const { status, headers, body } = await api.call(door, { path: '/api/rollout' });
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe(`"${await version()}"`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      stage: 'D1',
      mode: 'sandbox',
      next: { name: 'D2' },
      me: { role: 'admin' },
      weights: { fal: 0.9, runware: 0.1 },
    });
    expect(body.plan).toMatchObject([
      { name: 'D1', state: 'current', by: expect.any(String) },
      { name: 'D2', state: 'next' },
      { name: 'D3', state: 'future' },
    ]);
  });

  it('answers 405 with Allow to another method', async () => {
    const { status, headers, body } = await api.call(door, { path: '/api/rollout', method: 'DELETE' });
    expect([status, headers.get('allow'), body.code]).toEqual([405, 'GET', 'method-not-allowed']);
  });
});

describe('a version', () => {
  const call = (given: number | string | null) =>
    api.call(door, { path: '/api/rollout/pause', method: 'POST', body: reason, version: given });

  it('is required', async () =>
    expect(await call(null)).toMatchObject({ status: 428, body: { code: 'version-missing' } }));

  it.each(['41', 'W/"41"', '*', '"a"', '"1", "2"', '"-1"', '""'])('that reads %s is malformed', async (given) => {
    expect(await call(given)).toMatchObject({ status: 400, body: { code: 'if-match-malformed' } });
  });

  it('that is stale is told where things are, who moved them and when', async () => {
    const stale = await version();
    await writeWeights(api.rollout.sql, { fal: 0.85, runware: 0.15 });
    const { status, body } = await call(stale);
    expect(status).toBe(412);
    expect(body).toMatchObject({
      code: 'stale-version',
      version: await version(),
      weights: { fal: 0.85, runware: 0.15 },
      by: expect.stringMatching(/^sql:/),
      at: expect.any(String),
      errors: [],
    });
    await writeWeights(api.rollout.sql, { fal: 0.9, runware: 0.1 });
  });
});

describe('the way of a rollout', () => {
  it('is refused while a gate is closed, in blockers', async () => {
    const { status, body } = await api.call(door, {
      path: '/api/rollout/advance',
      method: 'POST',
      version: await version(),
      body: { to: 'D2', ...reason },
    });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'gate-closed',
      blockers: expect.arrayContaining([expect.objectContaining({ code: 'time_not_served' })]),
    });
  });

  it('does not skip a stage', async () => {
    const call = {
      path: '/api/rollout/advance',
      method: 'POST',
      version: await version(),
      body: { to: 'D3', ...reason },
    };
    expect(await api.call(door, call)).toMatchObject({ status: 409, body: { code: 'step-order' } });
  });

  it('pauses, resumes, advances by override, rolls back without a version, re-arms', async () => {
    const write = async (verb: string, body: object, given?: number | null) =>
      api.call(door, {
        path: `/api/rollout/${verb}`,
        method: 'POST',
        body,
        version: given === undefined ? await version() : given,
      });
    expect(await write('pause', reason)).toMatchObject({ status: 200 });
    expect(await write('pause', reason)).toMatchObject({ status: 409, body: { code: 'already-paused' } });
    expect(await write('resume', reason)).toMatchObject({ status: 200 });
    expect(await write('advance', { to: 'D2', override: true })).toMatchObject({
      status: 422,
      body: { code: 'reason-missing' },
    });
    const written = await write('advance', { to: 'D2', override: true, ...reason });
    expect(written).toMatchObject({ status: 200, body: { stage: 'D2', version: await version() } });
    expect(written.headers.get('etag')).toBe(`"${await version()}"`);
    const stale = await version();
    expect(await write('rollback', reason, null)).toMatchObject({ status: 200, body: { already: false } });
    expect(await write('advance', { to: 'D3', override: true, ...reason }, stale)).toMatchObject({
      status: 412,
    });
    expect(await write('advance', { to: 'D1', ...reason })).toMatchObject({
      status: 409,
      body: { code: 'rolled-back' },
    });
    expect(await write('rearm', {})).toMatchObject({ status: 422, body: { code: 'reason-missing' } });
    expect(await write('rearm', reason)).toMatchObject({ status: 200 });
    const snapshot = await api.call(door, { path: '/api/rollout' });
    expect(snapshot.body).toMatchObject({ stage: 'baseline', latched: null, next: { name: 'D1' } });
  });
});

describe('bad bodies', () => {
  const put = async (raw: BodyInit, headers = {}) =>
    api.call(door, { path: '/api/rollout/weights', method: 'PUT', raw, version: await version(), headers });

  it.each(['', ' ', '{bad', 'NaN', '{"weights":NaN}', '{"a":1,}'])('%j is 400', async (raw) => {
    expect(await put(raw)).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
  });

  it('invalid UTF-8 is 400', async () => {
    expect(await put(new Uint8Array([123, 34, 0xff, 34, 58, 49, 125]))).toMatchObject({
      status: 400,
      body: { code: 'malformed-json' },
    });
  });

  const invalid = [
    'null',
    '[]',
    '"x"',
    '1',
    '{}',
    '{"weights":null}',
    '{"weights":[]}',
    '{"weights":{}}',
    '{"weights":{"fal":1}}',
    '{"weights":{"fal":0.5,"runwear":0.5}}',
    '{"weights":{"fal":"0.9","runware":0.1}}',
    '{"weights":{"fal":-0.1,"runware":1.1}}',
    '{"weights":{"fal":0.6,"runware":0.5}}',
    '{"weights":{"fal":0,"runware":0}}',
    '{"weights":{"fal":1e400,"runware":0}}',
    '{"weights":{"fal":0.1,"fal":0.9,"runware":0.1}}',
    '{"weights":{"__proto__":1,"fal":1,"runware":0}}',
  ];
  it.each(invalid)('%s is 422 weights-invalid', async (raw) => {
    const { status, body } = await put(raw);
    expect([status, body.code]).toEqual([422, 'weights-invalid']);
    expect(String(body.detail)).toMatch(/\w/);
  });

  it('too deep, too large, another content type', async () => {
    expect(await put(`${'{"a":'.repeat(9)}1${'}'.repeat(9)}`)).toMatchObject({ status: 422 });
    expect(await put(JSON.stringify({ reason: 'x'.repeat(17_000) }))).toMatchObject({ status: 413 });
    expect(await put('{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await put('{}', { 'content-type': null })).toMatchObject({ status: 415 });
  });

  it('rounding dust and minus zero are taken', async () => {
    expect(await put('{"weights":{"fal":1,"runware":-0},"reason":"dust"}')).toMatchObject({
      status: 200,
      body: { weights: { fal: 1, runware: 0 } },
    });
  });
});
