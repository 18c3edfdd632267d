import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageFetcher } from '@/lib/gateway/providers/fetch-image';
import type { Resolve } from '@/lib/kernel/checked-lookup';

const server = createServer((request, response) => {
  seen.push(request.url ?? '');
  if (request.url === '/endless.png') {
    response.writeHead(200, { 'content-type': 'image/png' });
    return void response.end(Buffer.alloc(21 * 1024 * 1024));
  }
  if (request.url === '/slow.png') return void response.writeHead(200, { 'content-type': 'image/png' }).write('by');
  if (request.url === '/moved.png') return response.writeHead(302, { location: `${origin}/secret.png` }).end();
  response.writeHead(200, { 'content-type': 'image/png' }).end('bytes');
});
const seen: string[] = [];
let origin = '';
let port = 0;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
  origin = `http://127.0.0.1:${port}`;
});
afterAll(() => void server.close());

/** Names are what a provider's own DNS says they are. */
const rebinding: Resolve = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 } satisfies LookupAddress]);

const fetched = (url: string, allowedOrigins: readonly string[] = ['https://fal.run']) => {
  seen.length = 0;
  return imageFetcher({ allowedOrigins: () => allowedOrigins, resolve: rebinding })(url).then(
    (bytes) => Buffer.from(bytes).toString(),
    (error: Error) => error.message,
  );
};

describe('the bytes of an image', () => {
  it('come from a configured sandbox on loopback', async () => {
    expect(await fetched(`${origin}/a.png`, [origin])).toBe('bytes');
  });

  it.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '127.1', '0.0.0.0', '169.254.169.254'])(
    'never come from %s, whatever a provider says',
    async (host) => {
      expect(await fetched(`http://${host}:${port}/a.png`)).toMatch(/which is not a public address$/);
      expect(seen).toEqual([]);
    },
  );

  it('never come from a name that answers with a private address', async () => {
    expect(await fetched(`http://images.example.com:${port}/a.png`)).toMatch(/which is not a public address$/);
    expect(seen).toEqual([]);
  });

  it('never come from another port beside the sandbox', async () => {
    expect(await fetched(`${origin}/a.png`, ['http://127.0.0.1:9'])).toMatch(/which is not a public address$/);
    expect(seen).toEqual([]);
  });

  it('are given up when they are too many', async () => {
    expect(await fetched(`${origin}/endless.png`, [origin])).toBe('the image is larger than 20971520 bytes');
  });

  it('are given up when the time of the request is over, before and while they come', async () => {
    const over = new AbortController();
    const ask = () => fetchImage(`${origin}/slow.png`, undefined, over.signal);
    const fetchImage = imageFetcher({ allowedOrigins: () => [origin] });
    const coming = ask();
    await expect.poll(() => seen).toContain('/slow.png');
    over.abort();
    await expect(coming).rejects.toThrow('the time of the request was over');
    await expect(ask()).rejects.toThrow('the time of the request was over');
  });

  it('are not fetched from where a redirect points', async () => {
    expect(await fetched(`${origin}/moved.png`, [origin])).toMatch(/^the image answered 302/);
    expect(seen).toEqual(['/moved.png']);
  });
});
