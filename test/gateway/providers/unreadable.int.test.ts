import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdapterName, adapterNames, adapters } from '@/lib/gateway/providers/adapters';
import type { Provider, ProviderResult } from '@/lib/gateway/providers/provider';
import { imageAdapters, request, vendorRequest } from './sandboxed';

type Reply = { status?: number; headers?: Record<string, string>; body?: string | Buffer };

let reply: (taskUUID: string) => Reply = () => ({});
const server = createServer((incoming, response) => {
  let text = '';
  incoming.on('data', (chunk) => {
    text += chunk;
  });
  incoming.on('end', () => {
    const [task] = text.startsWith('[') ? JSON.parse(text) : [{}];
    const { status = 200, headers = {}, body = '' } = reply(task.taskUUID ?? '');
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
});
let providers: Readonly<Record<AdapterName, Provider>>;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const made = adapterNames.map((name) => [name, adapters[name].create({ key: 'id:secret', baseUrl })]);
  providers = Object.fromEntries(made) as Record<AdapterName, Provider>;
});
afterAll(async () => {
  await Promise.all(adapterNames.map((name) => providers[name].close()));
  server.close();
});

const good = {
  fal: () => JSON.stringify({ images: [{ url: 'https://v3.fal.media/a.png', width: 512, height: 512 }] }),
  openai: () => JSON.stringify({ created: 1, data: [{ url: 'https://pictures.example/a.png' }] }),
  runware: (taskUUID: string, cost: unknown = 0.0013) =>
    JSON.stringify({ data: [{ taskUUID, imageURL: 'https://im.runware.ai/a.jpg', cost }] }),
};

function ask(name: (typeof imageAdapters)[number], answer: typeof reply): Promise<ProviderResult> {
  reply = answer;
  return providers[name].generate(vendorRequest(providers[name].name, request), AbortSignal.timeout(5000));
}

async function failure(name: (typeof imageAdapters)[number], answer: typeof reply) {
  const result = await ask(name, answer);
  if (result.ok) throw new Error('expected a failure');
  return [result.errorKind, result.started, result.message];
}

describe.each(imageAdapters)('an answer of %s that cannot be read', (name) => {
  it('is a web page: the provider made nothing', async () => {
    const page = '<!DOCTYPE html><title>Sign in to the network</title>';
    const words = 'HTTP 200 with a web page: something between us and the provider answered in its place';
    const headers = { 'content-type': 'text/html' };
    expect(await failure(name, () => ({ headers, body: page }))).toEqual(['intercepted', 'no', words]);
    // Whatever it calls itself.
    expect(await failure(name, () => ({ body: page }))).toEqual(['intercepted', 'no', words]);
  });

  it('has no content: the provider made nothing', async () => {
    const words = 'HTTP 204: an answer without content';
    expect(await failure(name, () => ({ status: 204 }))).toEqual(['empty', 'no', words]);
  });

  it('is JSON that was cut: the provider may have made the image', async () => {
    const [kind, started, words] = await failure(name, (id) => ({ body: good[name](id).slice(0, -9) }));
    expect([kind, started]).toEqual(['truncated', 'unknown']);
    expect(words).toMatch(/^HTTP 200 with JSON that ends in the middle, at \d+ characters$/);
  });

  it('is packed and was cut: the provider may have made the image', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const cut = (id: string) => gzipSync(good[name](id)).subarray(0, -12);
    const [kind, started, words] = await failure(name, (id) => ({ headers, body: cut(id) }));
    expect([kind, started]).toEqual(['truncated', 'unknown']);
    expect(words).toMatch(/^the packed answer ends in the middle, after \d+ bytes$/);
  });

  it('is of another shape, or empty: the provider may have made the image', async () => {
    expect(await failure(name, () => ({ body: '"ok"' }))).toEqual([
      'malformed',
      'unknown',
      'HTTP 200 without the agreed JSON',
    ]);
    expect(await failure(name, () => ({ body: ' ' }))).toEqual(['malformed', 'unknown', 'HTTP 200 with an empty body']);
  });

  it("is the provider's own 504: no timeout of ours", async () => {
    const headers = { 'content-type': 'text/plain' };
    const words = "HTTP 504: the provider's own gateway gave up waiting";
    expect(await failure(name, () => ({ status: 504, headers }))).toEqual(['gateway_timeout', 'unknown', words]);
  });
});

it.each(imageAdapters)('a packed answer of %s is read', async (name) => {
  const headers = { 'content-encoding': 'gzip' };
  const result = await ask(name, (id) => ({ headers, body: gzipSync(good[name](id)) }));
  expect([result.ok, result.images.length]).toEqual([true, 1]);
});

describe('a cost that cannot be one', () => {
  it.each(['"0.0013"', 'NaN', '-1', '1e9', 'Infinity', 'null', '{}'])(
    '%s is not known; the image is kept',
    async (cost) => {
      const body = (id: string) => good.runware(id, 'COST').replace('"COST"', cost);
      const { ok, images, costUsd, costBasis } = await ask('runware', (id) => ({ body: body(id) }));
      expect([ok, images.length, costUsd, costBasis]).toEqual([true, 1, null, 'unknown']);
    },
  );

  it.each(['NaN', '-1', 'Infinity', '0.0013 USD'])('units of %s fall back to the price list', async (units) => {
    const headers = { 'x-fal-billable-units': units };
    const { ok, costBasis } = await ask('fal', () => ({ headers, body: good.fal() }));
    expect([ok, costBasis]).toEqual([true, 'price_list']);
  });
});
