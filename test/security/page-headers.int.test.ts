import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passToNext } from '@/lib/process/front/pass-to-next';
import { plainOrigins } from '@/lib/process/front/plain-origins';

// What Next is given and what the browser gets, through the piece of the front that decides both.
const lanes = ['https://fal.run', 'http://127.0.0.1:7001/v1', 'http://127.0.0.1:7001', ''].map((baseUrl) => {
  return { origin: { baseUrl } };
});
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const imageOrigins = () => plainOrigins(lanes);
    const passed = { request, response, requestId: 'r-1', trustedHops: 0, nextLimitBytes: 1024, imageOrigins };
    void passToNext(async (seen, answer) => void answer.end(JSON.stringify(seen.headers)), passed);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise<void>((done) => void server.close(() => done())));

describe('the headers of a page', () => {
  it('allow scripts by a fresh nonce only', async () => {
    const policies = await Promise.all(
      [0, 1].map(async () => (await fetch(url)).headers.get('content-security-policy') ?? ''),
    );
    expect(policies[0]).not.toBe(policies[1]);
    for (const policy of policies) {
      const scripts = /script-src ([^;]+)/.exec(policy)?.[1] ?? '';
      expect(scripts).toMatch(/'nonce-[\w+/=]{22,}'/);
      expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/);
      expect(policy).toContain("object-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  it('let images come from where providers are called without TLS, and from nowhere else without it', async () => {
    const policy = (await fetch(url)).headers.get('content-security-policy');
    expect(policy).toContain("img-src 'self' data: blob: https: http://127.0.0.1:7001;");
  });

  it('tell Next the same nonce that they tell the browser', async () => {
    const answer = await fetch(url);
    const seen = (await answer.json()) as Record<string, string>;
    expect(answer.headers.get('content-security-policy')).toContain(`'nonce-${seen['x-nonce']}'`);
  });

  it('forbid sniffing and framing, and name no software', async () => {
    const { headers } = await fetch(url);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('cannot be talked into a nonce of the caller', async () => {
    for (const path of ['', '/metrics', '/_next/x']) {
      const answer = await fetch(url + path, {
        headers: { 'x-nonce': 'mine', 'content-security-policy': "script-src 'nonce-mine'" },
      });
      expect(((await answer.json()) as Record<string, string>)['x-nonce']).not.toBe('mine');
    }
  });
});
