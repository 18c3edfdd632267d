import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '@/lib/process/front/listen';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

describe('the front', () => {
  let plane: TestDataPlane;
  const passed: string[] = [];

  beforeAll(async () => {
    plane = await testDataPlane({
      next: async (request, response) => {
        passed.push(request.url ?? '');
        response.end(JSON.stringify(request.headers));
      },
    });
  });
  afterAll(() => plane.close());

  /** As bytes: what no HTTP client would send. */
  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(plane.url).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });

  it.each([
    ['GET', '/api/generate', 'POST'],
    ['DELETE', '/api/events', 'POST'],
    ['POST', '/api/health', 'GET'],
  ])('answers 405 with Allow to %s %s', async (method, path, allow) => {
    const response = await fetch(plane.url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed', status: 405 });
  });

  it('says it in OpenAI’s shape where its clients ask', async () => {
    const response = await fetch(`${plane.url}/v1/images/generations`, { method: 'OPTIONS' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
  });

  it('says live and ready, HEAD included', async () => {
    expect((await fetch(`${plane.url}/api/health/live`)).status).toBe(200);
    expect((await fetch(`${plane.url}/api/health/ready`, { method: 'HEAD' })).status).toBe(200);
  });

  it('names no server software', async () => {
    const { headers } = await fetch(`${plane.url}/api/health/live`);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each(['evil.example', 'evil.example:3000', 'localhost.evil.example'])('does not answer for %s', async (host) => {
    const before = passed.length;
    const answer = await raw(`GET /api/health/live HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
    expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 421 /);
    expect(passed).toHaveLength(before);
  });

  it('stops reading a chunked body at its limit', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const head = 'POST /api/vouchers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const answer = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"too-large"');
  });

  it.each([
    ['GET /api/%ff', 400],
    ['GET http://localhost/x', 400],
    ['PROPFIND /api/rollout', 405],
    ['TRACE /', 405],
  ])('refuses %s before Next sees it', async (line, status) => {
    const before = passed.length;
    const answer = await raw(`${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(passed).toHaveLength(before);
  });

  it('passes the rest on with an id, the caller and a nonce', async () => {
    const response = await fetch(`${plane.url}/settings`, { headers: { 'x-forwarded-for': '6.6.6.6' } });
    const headers = await response.json();
    expect(headers['x-request-id']).toMatch(/^[\w-]{36}$/);
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(response.headers.get('content-security-policy')).toContain(`'nonce-${headers['x-nonce']}'`);
  });

  it('refuses a large control-plane body before Next reads it', async () => {
    const before = passed.length;
    const response = await plane.post('/api/rollout/advance', { reason: 'x'.repeat(20_000) });
    expect(response.status).toBe(413);
    expect(passed).toHaveLength(before);
  });

  it('lets what runs end before it closes', async () => {
    const other = await testDataPlane();
    other.sandbox.control('fal', { latencyMs: 200 });
    const running = other.post('/api/generate', { prompt: 'x' });
    await expect.poll(() => other.runtime.dataPlane.lanes.get('fal')?.assigned).toBe(1);
    const closed = other.close();
    expect((await running).status).toBe(200);
    await closed;
    await expect(other.post('/api/generate', { prompt: 'x' })).rejects.toThrow();
  });

  it('says which port is taken and what to do', async () => {
    const { port } = new URL(plane.url);
    const second = createServer();
    await expect(listen(second, Number(port), '127.0.0.1')).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another program. Choose another with PORT=${Number(port) + 1} npm start.`,
    );
  });
});
