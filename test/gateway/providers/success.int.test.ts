import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProviders } from '@/lib/gateway/providers/create-providers';
import { createFal } from '@/lib/gateway/providers/fal/fal';
import { createRunware } from '@/lib/gateway/providers/runware/runware';
import { openSandboxed, request, type Sandboxed } from './sandboxed';

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
    const first = await providers.fal.generate({ ...request, n: 2, height: 1024 }, soon());
    expect(first).toMatchObject({ ok: true, costBasis: 'price_list', model: 'fal-ai/flux/schnell' });
    expect(first.costUsd).toBeCloseTo(2 * 2 * 0.003);
    expect(await providers.fal.probe(soon())).toMatchObject({ ok: true, error: null });
    const second = await providers.fal.generate({ ...request, n: 2, height: 1024 }, soon());
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
    expect(await fal.generate(request, soon())).toMatchObject({ ok: true, costBasis: 'price_list', costUsd: 0.003 });
  }
  expect(await fal.probe(AbortSignal.timeout(100))).toMatchObject({ ok: false, errorKind: 'timeout' });
  await fal.close();
  silent.closeAllConnections();
  await new Promise((resolve) => silent.close(resolve));
});

describe('runware', () => {
  it('bills what the answer says and rounds sides to multiples of 64', async () => {
    const { runware } = world.providers;
    const result = await runware.generate({ ...request, n: 3, width: 1000, height: 750 }, soon());
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

describe('both', () => {
  it('serve an image that can be fetched and says what made it', async () => {
    for (const [name, provider] of Object.entries(world.providers)) {
      const result = await provider.generate({ ...request, prompt: 'a <lock> & gate' }, soon());
      const picture = await fetch(result.images[0]?.url ?? '');
      expect(picture.headers.get('content-type')).toBe('image/svg+xml');
      expect(await picture.text()).toMatch(new RegExp(`${name}.*a &lt;lock&gt; &amp; gate`, 's'));
    }
  });

  it('reuse their connections', async () => {
    const { fal } = world.providers;
    await Promise.all(Array.from({ length: 20 }, () => fal.generate(request, soon())));
    const results = await Promise.all(Array.from({ length: 20 }, () => fal.generate(request, soon())));
    expect(results.every((result) => result.ok)).toBe(true);
  });

  it('find a wrong key by probe and by call', async () => {
    const wrong = [
      createFal({ key: 'id:wrong-wrong', baseUrl: world.sandbox.falUrl }),
      createRunware({ key: 'wrong-wrong', baseUrl: world.sandbox.runwareUrl }),
    ];
    for (const provider of wrong) {
      expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'auth' });
      expect(await provider.generate(request, soon())).toMatchObject({ ok: false, errorKind: 'auth', httpStatus: 401 });
      await provider.close();
    }
  });

  it('call nobody without a key or for an unknown model', async () => {
    const { falUrl, runwareUrl } = world.sandbox;
    const keyless = createProviders({
      fal: { key: null, baseUrl: falUrl },
      runware: { key: null, baseUrl: runwareUrl },
    });
    for (const [name, provider] of keyless) {
      const before = world.sandbox.counters(name as 'fal').requests;
      expect(provider.configured).toBe(false);
      expect(await provider.probe(soon())).toMatchObject({ ok: false, errorKind: 'auth' });
      expect(await provider.generate(request, soon())).toMatchObject({ ok: false, errorKind: 'auth', started: 'no' });
      const unknown = await provider.generate({ ...request, model: 'nope' }, soon());
      expect(unknown).toMatchObject({ ok: false, errorKind: 'rejected', started: 'no' });
      expect(world.sandbox.counters(name as 'fal').requests).toBe(before);
      await provider.close();
    }
  });
});
