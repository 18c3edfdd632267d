import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { type PagesState, pagesLaterHandler } from '@/lib/process/front/pages-later';

async function ask(url: string, headers: Record<string, string>, state: PagesState = 'building') {
  const request = Object.assign(new EventEmitter(), { url, headers, method: 'GET', complete: true });
  const said = { status: 0, headers: {} as Record<string, string>, body: '' };
  const response = {
    req: request,
    writeHead(status: number, pairs: string[]) {
      said.status = status;
      for (let i = 0; i < pairs.length; i += 2) said.headers[pairs[i] as string] = pairs[i + 1] as string;
    },
    end: (body: string) => {
      said.body = body;
    },
  };
  await pagesLaterHandler(() => state)(request as unknown as IncomingMessage, response as unknown as ServerResponse);
  return said;
}

const browser = { accept: 'text/html,application/xhtml+xml' };

test('a browser gets a page that says so and reloads by itself, in its language', async () => {
  const { status, headers, body } = await ask('/', browser);
  expect(status).toBe(503);
  expect(headers).toMatchObject({ 'retry-after': '3', 'content-type': 'text/html; charset=utf-8' });
  expect(body).toContain('<meta http-equiv="refresh" content="3">');
  expect(body).toContain('The pages are being built.');
  expect(body).not.toMatch(/src=|href=|<script/);
  expect((await ask('/policy', { ...browser, 'accept-language': 'zh-CN,en;q=0.5' })).body).toContain('页面正在构建');
});

test.each(['/api/rollout', '/api', '/metrics', '/metrics?x=1', '/v1/models'])(
  'a program gets a problem from %s, even in a browser',
  async (url) => {
    const { status, headers, body } = await ask(url, { ...browser, 'x-request-id': 'r-1' });
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'retry-after': '3', 'content-type': 'application/problem+json; charset=utf-8' });
    expect(JSON.parse(body)).toMatchObject({ code: 'pages-building', request_id: 'r-1' });
  },
);

test('a program gets a problem from a page too', async () => {
  expect(JSON.parse((await ask('/', { accept: '*/*' })).body)).toMatchObject({ status: 503, code: 'pages-building' });
});

test('pages that could not be built are not promised any more', async () => {
  const { headers, body } = await ask('/', browser, 'failed');
  expect(headers['retry-after']).toBe('60');
  expect(body).toContain('The pages could not be built');
  expect(JSON.parse((await ask('/api/rollout', {}, 'failed')).body)).toMatchObject({ code: 'pages-missing' });
});
