import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentHandler } from '@/lib/doors/openai/video-content';
import { videoId } from '@/lib/doors/openai/video-object';
import { fileOpener, largestFileBytes } from '@/lib/gateway/providers/outward/open-file';
import type { Incoming } from '@/lib/http/message';
import type { Problem } from '@/lib/http/problem';
import type { JobView } from '@/lib/jobs/job-view';

const id = '0a1b2c3d-0a1b-4c3d-8e5f-001122334455';
const film = Buffer.from('a film of thirty-six bytes, no more!');

let server: Server;
let answer: RequestListener;
let openAnswers = 0;
let url: string;
beforeEach(async () => {
  openAnswers = 0;
  server = createServer((request, response) => {
    openAnswers += 1;
    response.once('close', () => {
      openAnswers -= 1;
    });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: string;
  readonly query?: string;
  readonly caller?: string;
}

function ask({ headers = {}, at = url, query = '', caller = 'ann' }: Asked = {}) {
  const view = {
    ...{ id, door: 'openai', caller: 'ann', state: 'completed', provider: 'kling', split: 'S', arm: 'old' },
    ...{ weightsVersion: 3, expiresAt: null, outputs: [{ url: at, kind: 'video', contentType: 'video/mp4' }] },
  } as unknown as JobView;
  const plane = { splits: { all: new Map() }, openFile: fileOpener({ allowedOrigins: () => [new URL(url).origin] }) };
  const door = { plane, jobs: { views: { read: async () => view } } };
  const incoming = {
    ...{ method: 'GET', path: `/v1/videos/${videoId(id)}/content`, query: new URLSearchParams(query), body: null },
    ...{ requestId: 'r-12345678', remote: null, header: (name: string) => headers[name] ?? null },
  } satisfies Incoming;
  return contentHandler(door as never)(incoming, { name: caller, scopes: new Set() });
}

const bytesOf = async (stream: unknown) => Buffer.from(await new Response(stream as ReadableStream).arrayBuffer());
const refused = (promise: Promise<unknown>) =>
  promise.then(
    () => ({ status: 0, code: 'none', message: '' }),
    ({ status, code, message }: Problem) => ({ status, code, message }),
  );

const ranged: RequestListener = ({ headers: { range } }, response) => {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (range === undefined) {
    return void response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': film.length }).end(film);
  }
  const first = Number(from);
  const last = to === '' ? film.length - 1 : Number(to);
  if (first >= film.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${film.length}` }).end();
  }
  const part = film.subarray(first, last + 1);
  const headers = { 'content-type': 'video/mp4', 'content-range': `bytes ${first}-${last}/${film.length}` };
  response.writeHead(206, { ...headers, 'set-cookie': 'a=b', server: 'x' }).end(part);
};

describe('the content of a video', () => {
  it('is the whole, or the part that was asked for, without what its vendor says beside it', async () => {
    answer = ranged;
    const whole = await ask();
    expect([whole.status, await bytesOf(whole.body)]).toEqual([200, film]);
    expect(whole.headers).toMatchObject({ 'content-type': 'video/mp4', 'content-length': '36', 'x-sluice-arm': 'old' });
    const part = await ask({ headers: { range: 'bytes=2-5' } });
    expect([part.status, (await bytesOf(part.body)).toString()]).toEqual([206, 'film']);
    expect(part.headers['content-range']).toBe('bytes 2-5/36');
    expect(part.headers).not.toHaveProperty('set-cookie');
    expect(part.headers).not.toHaveProperty('server');
  });

  it.each(['bytes=5', 'bytes=-', 'bytes=0-1,3-4', 'lines=1-2', `bytes=${'9'.repeat(40)}-`])(
    'is the whole where the range says nothing: %s',
    async (range) => {
      answer = ranged;
      const whole = await ask({ headers: { range } });
      expect([whole.status, await bytesOf(whole.body)]).toEqual([200, film]);
    },
  );

  it('has no range beyond its end', async () => {
    answer = ranged;
    expect(await refused(ask({ headers: { range: 'bytes=99-' } }))).toMatchObject({ status: 416 });
  });

  it.each([
    [404, 410, 'video-expired'],
    [403, 410, 'video-expired'],
    [500, 502, 'video-unreadable'],
    [302, 502, 'video-unreadable'],
  ])('is not there where its address answers %i', async (theirs, status, code) => {
    answer = (_, response) => void response.writeHead(theirs, { location: 'http://127.0.0.1:1/' }).end();
    expect(await refused(ask())).toMatchObject({ status, code });
  });

  it('is nothing but a file of a fitting size', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<script>');
    expect((await refused(ask())).message).toMatch(/which is no video/);
    const headers = { 'content-type': 'video/mp4', 'content-length': largestFileBytes + 1 };
    answer = (_, response) => response.writeHead(200, headers).write('x');
    expect((await refused(ask())).message).toMatch(/larger than 1 GB/);
    await expect.poll(() => openAnswers).toBe(0);
  });

  it('is read from no address inside our network, nor for another caller', async () => {
    let asked = 0;
    answer = () => {
      asked += 1;
    };
    for (const at of [
      'http://127.0.0.1:9/film',
      'https://169.254.169.254/latest',
      'http://[::1]:80/',
      'file:///etc/passwd',
    ])
      expect(await refused(ask({ at }))).toMatchObject({ status: 502, code: 'video-unreadable' });
    expect(await refused(ask({ caller: 'bob' }))).toMatchObject({ status: 404, code: 'unknown-video' });
    expect(await refused(ask({ query: 'variant=trailer' }))).toMatchObject({ status: 422 });
    expect(asked).toBe(0);
  });

  it('lets go of its address when its reader does, and breaks off where it breaks off', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-type': 'video/mp4' }).write('first');
    const { body } = await ask();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    expect(openAnswers).toBe(1);
    await reader.cancel();
    await expect.poll(() => openAnswers).toBe(0);
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 100 }).write('half');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(bytesOf((await ask()).body)).rejects.toThrow();
  });
});
