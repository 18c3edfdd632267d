import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ProviderResult } from '@/lib/gateway/providers/provider';
import { Exchange } from '@/lib/gateway/providers/relay/exchange';
import { type RelayOptions, relayOptions, withUsual } from '@/lib/gateway/providers/relay/options';
import { createRelay } from '@/lib/gateway/providers/relay/relay';
import type { AnswerSink, StreamBody } from '@/lib/gateway/providers/relay/stream-call';
import { Resolver } from '@/lib/gateway/providers/resolver';

const controller = { abort: () => undefined, pause: () => undefined, resume: () => undefined, rawHeaders: [] } as never;

const sink = (takes = true): AnswerSink & { told: string[] } => {
  const told: string[] = [];
  return {
    ...{ told, isGone: false, onGone: () => undefined, ready: () => undefined, drained: () => undefined },
    begin: (status) => told.push(`begin ${status}`),
    write: () => takes,
    end: () => told.push('end'),
    break: () => told.push('break'),
  };
};

/** Of a caller that has not sent all of it. */
const slowBody = (isAwaited: boolean, waitedMs = 0): StreamBody & { isLetGo: boolean } => ({
  ...{ length: 9, isUntouched: false, isWhole: false, isAwaited, waitedMs, isLetGo: false },
  async *chunks() {},
  atOnce: () => null,
  hasRoom: async () => true,
  whole: () => new Promise(() => undefined),
  discard() {
    this.isLetGo = true;
  },
});

function begun(answer: AnswerSink, body: StreamBody | null = null) {
  const deadline = Object.assign(new EventTarget(), { aborted: false }) as EventTarget & { aborted: boolean };
  let result: ProviderResult | null = null;
  const call = { method: 'POST', path: '/x', search: '', headers: [], body, answer, model: 'm' };
  const exchange = new Exchange({
    ...{ provider: 'acme', origin: 'http://acme.test', pathPrefix: '', resolver: new Resolver(), call },
    deadline: deadline as never,
    settle: (settled) => {
      result = settled;
    },
  });
  exchange.onRequestStart(controller);
  const end = () => deadline.dispatchEvent(new Event('abort'));
  return { exchange, end, result: () => result as ProviderResult | null };
}

describe('at the deadline', () => {
  it.each([
    ['a caller that is still to send', true, 'cut'],
    ['a provider that takes none of what was sent', false, 'timeout'],
  ] as const)('%s is who was too slow', (_, isAwaited, errorKind) => {
    const { end, result } = begun(sink(), slowBody(isAwaited));
    end();
    expect(result()).toMatchObject({ ok: false, errorKind, isOurs: errorKind === 'cut' });
  });

  it('so is a caller that does not take its answer, and its time is not the provider’s', async () => {
    const { exchange, end, result } = begun(sink(false));
    exchange.onResponseStart(controller, 200, {});
    const sinceMs = performance.now();
    exchange.onResponseData(controller, Buffer.from('a'));
    await expect.poll(() => performance.now() - sinceMs > 50).toBe(true);
    end();
    const stalledMs = performance.now() - sinceMs;
    expect(result()).toMatchObject({ ok: false, errorKind: 'cut', isPassed: true });
    expect(result()?.latencyMs).toBeLessThan(stalledMs);
  });

  it('so is a provider that has all of it', () => {
    const { exchange, end, result } = begun(sink());
    exchange.onResponseStart(controller, 200, {});
    end();
    expect(result()).toMatchObject({ errorKind: 'timeout', isPassed: true });
  });
});

it.each([
  [401, 'auth', []],
  [403, 'rejected', ['begin 403', 'end']],
] as const)('%i is %s', (status, errorKind, told) => {
  const answer = sink();
  const { exchange, result } = begun(answer);
  exchange.onResponseStart(controller, status, {});
  exchange.onResponseEnd();
  expect(result()).toMatchObject({ ok: false, errorKind, httpStatus: status, started: 'no' });
  expect(answer.told).toEqual(told);
});

it.each([
  ['identity', ['begin 200', 'end'], { ok: true }],
  ['gzip, chunked', [], { ok: false, errorKind: 'malformed' }],
] as const)('an answer whose Transfer-Encoding is %s', (coding, told, outcome) => {
  const answer = sink();
  const { exchange, result } = begun(answer);
  exchange.onResponseStart(controller, 200, { 'transfer-encoding': coding });
  exchange.onResponseEnd();
  expect(answer.told).toEqual(told);
  expect(result()).toMatchObject(outcome);
});

it('what a dialect’s clients say is said by name, once, and never in the place of the key', async () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(...request.rawHeaders);
    answer.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = withUsual(relayOptions({ auth: { scheme: 'header', name: 'X-Acme-Key' } }) as RelayOptions, {
    ...{ 'x-version': '1', 'x-kept': '1', 'x-acme-key': 'no key' },
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = createRelay({ name: 'acme', baseUrl, key: 'the key', relay } as never);
  const headers = ['x-odd', 'x-version', 'x-kept', 'mine'];
  const call = { method: 'GET', path: '/x', search: '', headers, body: null, answer: sink(), model: 'm' };
  await provider.streams?.stream(call, new AbortController().signal as never);
  await provider.close();
  server.close();
  const said = (name: string) => asked.filter((_, at) => at % 2 === 1 && asked[at - 1] === name);
  expect(['x-version', 'x-kept', 'x-acme-key'].map(said)).toEqual([['1'], ['mine'], ['the key']]);
});

it('a body that is signed is waited for until the deadline, and then let go', async () => {
  const relay = relayOptions({ auth: { scheme: 'volc-signature' } });
  const settings = { name: 'acme', baseUrl: 'http://127.0.0.1:9', key: 'a:b', relay } as never;
  const provider = createRelay(settings);
  const body = slowBody(true);
  const deadline = new AbortController();
  const call = { method: 'POST', path: '/x', search: '', headers: [], body, answer: sink(), model: 'm' };
  const asked = provider.streams?.stream(call, deadline.signal as never);
  deadline.abort();
  expect(await asked).toMatchObject({ ok: false, errorKind: 'cut', started: 'no', isSpent: true });
  expect(body.isLetGo).toBe(true);
  await provider.close();
}, 2000);
