import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AdapterName, adapters } from '@/lib/gateway/providers/adapters';
import { longestAnswer } from '@/lib/gateway/providers/openai/openai';
import type { ErrorKind, ProviderResult } from '@/lib/gateway/providers/provider';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import { longestBody } from '@/lib/gateway/providers/upstream';
import { imageAdapters, openSandboxed, request, type Sandboxed, vendorRequest } from './sandboxed';

const names = imageAdapters;
/** Where an answer is waited for it comes in time on any machine; only what never ends is ended soon. */
const patientMs = 50_000;
const hangMs = 700;
/** The head of an answer that drips comes in it as well. */
const dripMs = 1500;

let world: Sandboxed;
beforeAll(async () => {
  world = await openSandboxed();
});
afterAll(() => world.close());
afterEach(() => {
  for (const name of names) {
    world.sandbox.restore(name);
    world.sandbox.control(name, { latencyMs: 0 });
  }
});

function generate(name: AdapterName, change: FaultChange): Promise<ProviderResult> {
  world.sandbox.control(name, change);
  const deadlineMs = change.hang ? hangMs : change.drip ? dripMs : patientMs;
  return world.providers[name].generate(
    vendorRequest(world.providers[name].name, request),
    AbortSignal.timeout(deadlineMs),
  );
}

function fails(result: ProviderResult): Extract<ProviderResult, { ok: false }> {
  if (result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
  return result;
}

type Row = readonly [string, FaultChange, ErrorKind, number | null, 'no' | 'yes' | 'unknown'];

const rows: readonly Row[] = [
  ['never answers', { hang: true }, 'timeout', null, 'unknown'],
  ['drips a byte each 200 ms', { drip: true }, 'timeout', 200, 'unknown'],
  ['resets the connection', { reset: true }, 'connect', null, 'unknown'],
  ['breaks off in mid-body', { truncate: true }, 'truncated', 200, 'unknown'],
  ['answers 200 with HTML', { html: true }, 'intercepted', 200, 'no'],
  ['answers 200 without an image', { noImage: true }, 'empty', 200, 'yes'],
  ['refuses the key', { unauthorized: true }, 'auth', 401, 'no'],
  ['fails with 503', { failureRate: 1, status: 503 }, 'provider_5xx', 503, 'no'],
  ['fails with 500', { failureRate: 1, status: 500, kind: 'internal_error' }, 'provider_5xx', 500, 'yes'],
  ['is too busy', { rateLimit: { retryAfter: 7 } }, 'rate_limited', 429, 'no'],
];

describe.each(names)('%s', (name) => {
  it.each(rows)('ends as it should when the provider %s', async (_, change, kind, status, started) => {
    const result = fails(await generate(name, change));
    expect([result.errorKind, result.httpStatus, result.started]).toEqual([kind, status, started]);
    expect(result.images).toEqual([]);
    expect(result.refused).toBe(false);
  });

  it('ends a dripping answer at the one deadline', async () => {
    const result = fails(await generate(name, { drip: true }));
    expect(result.latencyMs).toBeGreaterThanOrEqual(dripMs - 5);
    expect(result.latencyMs).toBeLessThan(patientMs);
  });

  it('respects Retry-After, and its absence', async () => {
    expect(fails(await generate(name, { rateLimit: { retryAfter: 7 } })).retryAfterMs).toBe(7000);
    expect(fails(await generate(name, { rateLimit: { retryAfter: null } })).retryAfterMs).toBeNull();
  });

  it('tells a refused prompt from a failure', async () => {
    const result = fails(await generate(name, { contentPolicyRate: 1 }));
    expect([result.errorKind, result.refused, result.started]).toEqual(['content_policy', true, 'no']);
  });

  it('tells an empty purse from a wrong key', async () => {
    expect(fails(await generate(name, { balance: true })).errorKind).toBe('balance');
  });

  it('says that nothing was sent when nobody listens', async () => {
    const port = await unusedPort();
    const provider = create(name, `http://127.0.0.1:${port}`);
    const result = fails(
      await provider.generate(vendorRequest(provider.name, request), AbortSignal.timeout(patientMs)),
    );
    expect([result.errorKind, result.started]).toEqual(['connect', 'no']);
    await provider.close();
  });

  it('ends at the deadline when TLS never completes, with nothing sent', async () => {
    const hole = await listen(() => undefined);
    const provider = create(name, `https://127.0.0.1:${hole.port}`);
    const result = fails(await provider.generate(vendorRequest(provider.name, request), AbortSignal.timeout(300)));
    expect([result.errorKind, result.started]).toEqual(['timeout', 'no']);
    expect(result.latencyMs).toBeLessThan(patientMs);
    await provider.close();
    await hole.close();
  });

  it('calls a peer that speaks no TLS a TLS fault', async () => {
    const plain = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const provider = create(name, `https://127.0.0.1:${plain.port}`);
    const result = fails(
      await provider.generate(vendorRequest(provider.name, request), AbortSignal.timeout(patientMs)),
    );
    expect([result.errorKind, result.started]).toEqual(['tls', 'no']);
    await provider.close();
    await plain.close();
  });

  it('follows no redirect', async () => {
    const answer = 'HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/\r\ncontent-length: 0\r\n\r\n';
    const server = await listen((socket) => socket.once('data', () => socket.end(answer)));
    const provider = create(name, `http://127.0.0.1:${server.port}`);
    const result = fails(
      await provider.generate(vendorRequest(provider.name, request), AbortSignal.timeout(patientMs)),
    );
    expect([result.errorKind, result.httpStatus, result.started]).toEqual(['malformed', 302, 'no']);
    await provider.close();
    await server.close();
  });

  it('reads no more than is agreed', async () => {
    // One answer may hold the bytes of several images.
    const most = name === 'openai' ? longestAnswer : longestBody;
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    const piece = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    const server = await listen((socket) => {
      socket.once('data', () => {
        socket.write(head);
        for (let i = 0; i < most / 0x8000; i += 1) socket.write(piece);
      });
    });
    const provider = create(name, `http://127.0.0.1:${server.port}`);
    const result = fails(
      await provider.generate(vendorRequest(provider.name, request), AbortSignal.timeout(patientMs)),
    );
    expect([result.errorKind, result.message]).toEqual(['malformed', `the answer is longer than ${most} bytes`]);
    await provider.close();
    await server.close();
  });

  it('sends nothing after the deadline has passed', async () => {
    const before = world.sandbox.counters(name).requests;
    const result = fails(
      await world.providers[name].generate(vendorRequest(world.providers[name].name, request), AbortSignal.abort()),
    );
    expect([result.errorKind, result.started]).toEqual(['timeout', 'no']);
    expect(world.sandbox.counters(name).requests).toBe(before);
  });
});

it('runware: an error beside images fails the call and keeps what was billed', async () => {
  world.sandbox.control('runware', { partialErrors: true });
  const two = { ...request, n: 2 };
  const result = fails(
    await world.providers.runware.generate(
      vendorRequest(world.providers.runware.name, two),
      AbortSignal.timeout(patientMs),
    ),
  );
  expect([result.errorKind, result.httpStatus, result.started]).toEqual(['provider_5xx', 200, 'yes']);
  expect([result.images.length, result.costUsd, result.costBasis]).toEqual([1, 0.0013, 'billed']);
});

it('runware: 200 with nothing but errors is a failure', async () => {
  const result = fails(await generate('runware', { partialErrors: true }));
  expect([result.errorKind, result.httpStatus, result.images.length]).toEqual(['provider_5xx', 200, 0]);
});

function create(name: AdapterName, baseUrl: string) {
  return adapters[name].create({ key: 'id:secret-secret', baseUrl });
}

async function listen(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function unusedPort(): Promise<number> {
  const server = await listen(() => undefined);
  await server.close();
  return server.port;
}
