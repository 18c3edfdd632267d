import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adapters } from '@/lib/gateway/providers/adapters';
import { type Answering, answering, id, page, type Reply, ref } from './answering';
import { jobNames, make, seen, soon } from './job-world';

let world: Answering;
beforeAll(async () => {
  world = await answering();
});
afterAll(() => world.close());
beforeEach(() => {
  world.calls.length = 0;
});

const cut = (text: string) => ({ body: text.slice(0, -5) });

describe.each(jobNames)('an answer of %s to a create', (name) => {
  const good = (taskUUID = id) =>
    name === 'fal'
      ? { status: 'IN_QUEUE', request_id: 'q-1', response_url: `${world.origin}/queue/fal-ai/kling-video/requests/q-1` }
      : { data: [{ taskType: 'videoInference', taskUUID }] };

  it.each<[string, Reply | 'cut' | 'packed', string, string]>([
    ['a web page', page, 'intercepted', 'no'],
    ['nothing', { status: 204 }, 'empty', 'no'],
    ['an empty body', { body: ' ' }, 'malformed', 'unknown'],
    ['cut JSON', 'cut', 'truncated', 'unknown'],
    ['cut and packed', 'packed', 'truncated', 'unknown'],
    ['another shape', { body: { ok: true } }, 'malformed', 'unknown'],
    ['401', { status: 401 }, 'auth', 'no'],
    ['402', { status: 402 }, 'balance', 'no'],
    ['429', { status: 429 }, 'rate_limited', 'no'],
    ['400', { status: 400, body: { detail: 'no' } }, 'rejected', 'no'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'malformed', 'no'],
    ['500 of something in between', { status: 500, body: 'oops' }, 'provider_5xx', 'unknown'],
    ['502', { status: 502, ...page }, 'provider_5xx', 'unknown'],
    ['503', { status: 503 }, 'provider_5xx', 'no'],
    ['504', { status: 504 }, 'gateway_timeout', 'unknown'],
  ])('that is %s', async (_, given, errorKind, started) => {
    world.answer((call) => {
      const text = JSON.stringify(good(call.tasks[0]?.taskUUID));
      if (given === 'cut') return cut(text);
      if (given === 'packed') {
        return { headers: { 'content-encoding': 'gzip' }, body: gzipSync(text).subarray(0, -9) };
      }
      return given;
    });
    const { result } = await make(name, world.jobs[name]);
    expect(result).toMatchObject({ ok: false, errorKind, started });
    expect(world.calls.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('says nothing of the key', async () => {
    const secret = 'secret-of-the-key';
    const said = `the key id:${secret} is wrong`;
    world.answer(() => ({ status: 401, body: { detail: said, errors: [{ code: 'invalidApiKey', message: said }] } }));
    const { result } = await make(name, world.jobs[name]);
    expect(!result.ok && result.message).not.toContain(secret);
    expect(JSON.stringify(await world.jobs[name].poll([ref], soon()))).not.toContain(secret);
  });

  it('is read where it is packed', async () => {
    world.answer((call) => ({
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify(good(call.tasks[0]?.taskUUID))),
    }));
    expect((await make(name, world.jobs[name])).result).toMatchObject({ ok: true });
  });
});

describe.each(jobNames)('an answer of %s to a look', (name) => {
  it.each<[string, Reply, string]>([
    ['a web page', page, 'intercepted'],
    ['an empty body', { body: ' ' }, 'malformed'],
    ['cut JSON', { body: '{"status": "COMPL' }, 'truncated'],
    ['no JSON', { body: '"ok"' }, 'malformed'],
    ['401', { status: 401 }, 'auth'],
    ['402', { status: 402 }, 'balance'],
    ['429', { status: 429, headers: { 'retry-after': '3' } }, 'rate_limited'],
    ['500', { status: 500, body: 'oops' }, 'provider_5xx'],
    ['502', { status: 502, ...page }, 'provider_5xx'],
    ['503', { status: 503 }, 'provider_5xx'],
    ['504', { status: 504 }, 'gateway_timeout'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'malformed'],
  ])('that is %s teaches nothing', async (_, given, errorKind) => {
    world.answer(() => given);
    const last = await seen(world.jobs[name], ref);
    expect(last).toMatchObject({
      kind: 'unread',
      errorKind,
      retryAfterMs: given.headers?.['retry-after'] ? 3000 : null,
    });
  });

  it('is not asked for without a key', async () => {
    world.answer(() => ({}));
    const keyless = adapters[name].create({ key: null, baseUrl: world.origin });
    expect(await keyless.jobs?.poll([ref], soon())).toMatchObject([{ kind: 'unread', errorKind: 'auth' }]);
    expect(world.calls).toEqual([]);
    await keyless.close();
  });
});
