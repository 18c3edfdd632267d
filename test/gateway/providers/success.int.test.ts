import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdapterName, adapters } from '@/lib/gateway/providers/adapters';
import { createProviders } from '@/lib/gateway/providers/create-providers';
import { createFal } from '@/lib/gateway/providers/fal/fal';
import type { FetchImage } from '@/lib/gateway/providers/fetch-image';
import { drawPng } from '@/lib/gateway/providers/sandbox/png';
import { imageAdapters, openSandboxed, request, type Sandboxed, vendorRequest } from './sandboxed';

let world: Sandboxed;
beforeAll(async () => {
  world = await openSandboxed();
});
afterAll(() => world.close());

const soon = () => AbortSignal.timeout(5000);

describe('fal', () => {
  it('estimates the cost from the price list until a price is known, then from units × price', async () => {
    const { sandbox, providers } = world;
    sandbox.control('fal', { cost: 0.004 });
    const first = await providers.fal.generate(
      vendorRequest(providers.fal.name, { ...request, n: 2, height: 1024 }),
      soon(),
    );
    expect(first).toMatchObject({ ok: true, costBasis: 'price_list', model: 'fal-ai/flux/schnell' });
    expect(first.costUsd).toBeCloseTo(2 * 2 * 0.003);
    expect(await providers.fal.probe(soon())).toMatchObject({ ok: true, error: null });
    const second = await providers.fal.generate(
      vendorRequest(providers.fal.name, { ...request, n: 2, height: 1024 }),
      soon(),
    );
    expect(second.costBasis).toBe('units_x_price');
    expect(second.costUsd).toBeCloseTo(2 * 2 * 0.004);
    expect(second.images).toHaveLength(2);
    expect(second.providerRequestId).toMatch(/^[\da-f-]{36}$/);
  });
});

it('fal: a pricing API that never answers delays nothing', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const { falKey, falUrl } = world.sandbox;
  const fal = createFal({ key: falKey, baseUrl: falUrl, apiBaseUrl: `http://127.0.0.1:${port}` });
  for (let i = 0; i < 3; i += 1) {
    expect(await fal.generate(vendorRequest(fal.name, request), soon())).toMatchObject({
      ok: true,
      costBasis: 'price_list',
      costUsd: 0.003,
    });
  }
  expect(await fal.probe(AbortSignal.timeout(100))).toMatchObject({ ok: false, errorKind: 'timeout' });
  await fal.close();
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});

it('fal: a price that nobody lists is not asked for with every call', async () => {
  let asked = 0;
  const empty = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end('{"prices":[]}');
  });
  await new Promise<void>((resolve) => empty.listen(0, '127.0.0.1', resolve));
  const { falKey, falUrl } = world.sandbox;
  const apiBaseUrl = `http://127.0.0.1:${(empty.address() as AddressInfo).port}`;
  const fal = createFal({ key: falKey, baseUrl: falUrl, apiBaseUrl });
  const call = () => fal.generate(vendorRequest(fal.name, request), soon());
  expect(await call()).toMatchObject({ ok: true, costBasis: 'price_list' });
  await expect.poll(() => asked).toBe(1);
  for (let i = 0; i < 5; i += 1) await call();
  // The next question goes by the same connections, after whatever was asked before it.
  await fal.probe(soon());
  expect(asked).toBe(2);
  await fal.close();
  await new Promise((resolve) => empty.close(resolve));
});

describe('runware', () => {
  it('bills what the answer says', async () => {
    const { runware } = world.providers;
    const result = await runware.generate(vendorRequest(runware.name, { ...request, n: 3 }), soon());
    expect(result).toMatchObject({ ok: true, costBasis: 'billed', model: 'runware:100@1' });
    expect(result.costUsd).toBeCloseTo(3 * 0.0013);
    expect(result.images[0]).toMatchObject({ width: 1024, height: 768 });
  });

  it('probes without an inference', async () => {
    const before = world.sandbox.counters('runware').inference ?? 0;
    expect(await world.providers.runware.probe(soon())).toMatchObject({ ok: true, error: null });
    expect(world.sandbox.counters('runware').inference ?? 0).toBe(before);
  });

  it('is not well without money', async () => {
    world.sandbox.control('runware', { balance: true });
    expect(await world.providers.runware.probe(soon())).toMatchObject({ ok: false, errorKind: 'balance' });
    world.sandbox.control('runware', { balance: false });
  });
});

describe('openai', () => {
  const ask = (params = {}, more = {}) =>
    vendorRequest('openai', { ...request, height: 1024, model: 'gpt-image-1', params, ...more });

  it('hands on images that came as bytes, at the price of their size and quality', async () => {
    const result = await world.providers.openai.generate(ask({ quality: 'high' }, { n: 2 }), soon());
    expect(result).toMatchObject({ ok: true, model: 'gpt-image-1', costUsd: 0.34, costBasis: 'price_list' });
    expect(result.images).toHaveLength(2);
    expect(result.images[0]).toMatchObject({ width: 1024, height: 1024, contentType: 'image/png' });
    expect(result.providerRequestId).toMatch(/^req_/);
    expect((await world.providers.openai.generate(ask({ quality: 'low' }), soon())).costUsd).toBe(0.04);
  });

  it('sends what carries images as files, those at addresses too', async () => {
    const png = drawPng(8, 8, 3);
    const asked: string[] = [];
    const fetchImage: FetchImage = async (url) => {
      asked.push(url);
      return png;
    };
    const openai = adapters.openai.create({
      key: world.sandbox.openaiKey,
      baseUrl: world.sandbox.openaiUrl,
      fetchImage,
    });
    const data = `data:image/png;base64,${png.toString('base64')}`;
    const many = ask({ image: [data, 'https://pictures.example/cat.png'], mask: data, quality: 'low' });
    expect(await openai.generate(many, soon())).toMatchObject({ ok: true });
    const file = { kind: 'png', size: png.length };
    expect(world.sandbox.lastBody('openai')).toMatchObject({ image: [file, file], mask: file, n: '1', quality: 'low' });
    expect(asked).toEqual(['https://pictures.example/cat.png']);
    await openai.close();
  });

  it('sends nothing when an input image cannot be had, and asks no private address', async () => {
    const before = world.sandbox.counters('openai').requests;
    const result = await world.providers.openai.generate(ask({ image: ['https://127.0.0.1:9/x.png'] }), soon());
    expect(result).toMatchObject({ ok: false, errorKind: 'rejected', started: 'no', httpStatus: null });
    expect(world.sandbox.counters('openai').requests).toBe(before);
  });
});

describe('all', () => {
  it('serve an image that can be fetched and says what made it', async () => {
    for (const name of imageAdapters) {
      const provider = world.providers[name];
      const result = await provider.generate(
        vendorRequest(provider.name, { ...request, prompt: 'a <lock> & gate' }),
        soon(),
      );
      const picture = await fetch(result.images[0]?.url ?? '');
      expect(picture.headers.get('content-type')).toBe('image/svg+xml');
      expect(await picture.text()).toMatch(new RegExp(`${name}.*a &lt;lock&gt; &amp; gate`, 's'));
    }
  });

  it('reuse their connections', async () => {
    const { fal } = world.providers;
    await Promise.all(Array.from({ length: 20 }, () => fal.generate(vendorRequest(fal.name, request), soon())));
    const results = await Promise.all(
      Array.from({ length: 20 }, () => fal.generate(vendorRequest(fal.name, request), soon())),
    );
    expect(results.every((result) => result.ok)).toBe(true);
  });

  it('find a wrong key by probe and by call', async () => {
    const wrong = imageAdapters.map((name) =>
      adapters[name].create({ key: 'id:wrong-wrong', baseUrl: world.sandbox[`${name}Url`] }),
    );
    for (const provider of wrong) {
      expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'auth' });
      expect(await provider.generate(vendorRequest(provider.name, request), soon())).toMatchObject({
        ok: false,
        errorKind: 'auth',
        httpStatus: 401,
      });
      await provider.close();
    }
  });

  it('call nobody without a key', async () => {
    const of = imageAdapters.map((name) => [name, { key: null, baseUrl: world.sandbox[`${name}Url`] }]);
    const keyless = createProviders(Object.fromEntries(of));
    expect(keyless.size).toBe(imageAdapters.length);
    for (const [name, provider] of keyless) {
      const before = world.sandbox.counters(name as AdapterName).requests;
      expect(provider.configured).toBe(false);
      expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'auth' });
      expect(await provider.generate(vendorRequest(provider.name, request), soon())).toMatchObject({
        ok: false,
        errorKind: 'auth',
        started: 'no',
      });
      expect(world.sandbox.counters(name as AdapterName).requests).toBe(before);
      await provider.close();
    }
  });
});
