import { describe, expect, it, vi } from 'vitest';
import { nextDoor } from '@/lib/doors/next-door';
import { parseJson } from '@/lib/http/body/read-body';
import { Problem } from '@/lib/http/problem';
import { json, type Methods } from '@/lib/http/respond';

vi.stubEnv('LOG_LEVEL', 'silent');

const route = (methods: Methods, limitBytes = 16 * 1024) => nextDoor(() => ({ limitBytes, methods }));
const echo = route({ POST: async (arriving) => json(200, parseJson(await arriving.received()).value) }, 100);
const send = (body: BodyInit | null, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  echo.POST(
    new Request('http://localhost/api/x', { method: 'POST', body, headers: { host: 'localhost:3000', ...headers } }),
  );

const failWith = (error: Error) => () => Promise.reject(error);

describe('a route', () => {
  it('answers what its handler says', async () => {
    const response = await send('{"a":1}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ a: 1 });
  });

  it.each([
    ['an empty body', '', 400, 'malformed-json'],
    ['half a body', '{bad', 400, 'malformed-json'],
    ['a NaN literal', '{"a":NaN}', 400, 'malformed-json'],
    ['invalid UTF-8', new Uint8Array([123, 34, 0xff, 34, 125]), 400, 'malformed-json'],
    ['nine levels', `${'['.repeat(9)}${']'.repeat(9)}`, 422, 'too-deep'],
    ['a large body', `"${'x'.repeat(200)}"`, 413, 'too-large'],
  ])('refuses %s', async (_, body, status, code) => {
    const response = await send(body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const problem = await response.json();
    expect(problem).toMatchObject({ status, code, type: `urn:sluice:problem:${code}`, errors: [] });
    expect(problem.request_id).toMatch(/^[\w-]{36}$/);
  });

  it('reads eight levels, and brackets inside strings', async () => {
    expect((await send(`${'['.repeat(8)}${']'.repeat(8)}`)).status).toBe(200);
    expect((await send(JSON.stringify(`\\"${'['.repeat(20)}`))).status).toBe(200);
  });

  it('stops reading a stream at the limit', async () => {
    const pulled = { count: 0 };
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled.count += 1;
        controller.enqueue(new Uint8Array(60));
      },
    });
    const init = { method: 'POST', body, duplex: 'half', headers: { host: 'localhost' } } as RequestInit;
    expect((await echo.POST(new Request('http://localhost/api/x', init))).status).toBe(413);
    expect(pulled.count).toBeLessThan(5);
  });

  it.each<Record<string, string>>([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/jsonp' }])(
    'wants JSON to be called JSON: %j',
    async (headers) => {
      expect((await send(new TextEncoder().encode('{}'), headers)).status).toBe(415);
    },
  );

  it('answers 405 with Allow for other methods', async () => {
    const response = await echo.GET(new Request('http://localhost/api/x', { headers: { host: 'localhost' } }));
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed' });
  });

  it('does not answer for a host it is not', async () => {
    const response = await send('{}', { 'content-type': 'application/json', host: 'evil.example' });
    expect(response.status).toBe(421);
    expect(await response.json()).toMatchObject({ code: 'host-not-allowed' });
  });

  it('keeps a sane x-request-id and replaces any other', async () => {
    const failing = route({ GET: failWith(new Problem(409, 'wrong-state', 'No.')) });
    const ask = async (id: string) => {
      const headers = { host: 'localhost', 'x-request-id': id };
      return (await (await failing.GET(new Request('http://localhost/api/x', { headers }))).json()).request_id;
    };
    expect(await ask('trace-0123456789')).toBe('trace-0123456789');
    expect(await ask('a b')).not.toBe('a b');
  });

  it('hides what failed unexpectedly', async () => {
    const failing = route({ GET: failWith(new Error('select secret from table')) });
    const response = await failing.GET(new Request('http://localhost/api/x', { headers: { host: 'localhost' } }));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
