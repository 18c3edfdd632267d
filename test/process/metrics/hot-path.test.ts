import { describe, expect, it } from 'vitest';
import { countEvents, HotPathRecorder } from '@/lib/process/metrics/hot-path';

function counted(...events: readonly (readonly [string, Record<string, unknown>])[]): HotPathRecorder {
  const recorder = new HotPathRecorder();
  const count = countEvents(recorder);
  for (const [type, data] of events) count(type, data);
  return recorder;
}

const route = (data: Record<string, unknown>) => ['gen_route', { attempt: 1, provider: 'runware', ...data }] as const;

describe('metrics count the events as they pass', () => {
  it('assigns a request once, to the provider it was meant for, however often it is tried', () => {
    const { assigned, providers } = counted(
      route({ assigned: 'runware', latency_ms: 900, error: 'HTTP 503', error_kind: 'provider_5xx' }),
      route({ assigned: 'runware', attempt: 2, provider: 'fal', latency_ms: 700 }),
    );
    expect([...assigned]).toEqual([['runware', 1]]);
    expect([...(providers.get('runware')?.outcomes ?? [])]).toEqual([['provider_5xx', 1]]);
    expect([...(providers.get('fal')?.outcomes ?? [])]).toEqual([['ok', 1]]);
  });

  it('keeps a refusal apart from failures, and a call that was not made out of the latencies', () => {
    const { providers } = counted(
      route({ latency_ms: 100, refused: true, error_kind: 'content_policy' }),
      route({ latency_ms: null, error: 'not called', error_kind: 'circuit_open' }),
    );
    const series = providers.get('runware');
    expect([...(series?.outcomes ?? [])]).toEqual([
      ['refused', 1],
      ['circuit_open', 1],
    ]);
    expect(series?.buckets.reduce((sum, n) => sum + n, 0)).toBe(1);
  });

  it('adds up what was delivered and what it cost', () => {
    const ok = ['gen_ok', { provider: 'fal', images: 2, cost_usd: 0.006 }] as const;
    const { requests, providers } = counted(
      ok,
      ['gen_ok', { provider: 'fal', images: 1, cost_usd: null }],
      ['gen_failed', { outcome: 'unavailable' }],
    );
    expect([...requests]).toEqual([
      ['ok', 2],
      ['unavailable', 1],
    ]);
    expect(providers.get('fal')).toMatchObject({ images: 3, costUsd: 0.006 });
  });

  it('counts a latency on an edge below it, as Prometheus does', () => {
    const { providers } = counted(route({ latency_ms: 8000 }), route({ latency_ms: 8001 }));
    expect([...(providers.get('runware')?.buckets ?? [])].map((n, at) => [at, n]).filter(([, n]) => n)).toEqual([
      [9, 1],
      [10, 1],
    ]);
  });
});

it('counts what relays carry by arm, and what is past so many arms together', () => {
  const { relays } = new HotPathRecorder();
  for (let at = 0; at < 450; at += 1) relays.passed('acme', `arm-${at}`, 1, 10);
  relays.job('acme', 'arm-0', 'create');
  const all = [...relays.all];
  expect(all).toHaveLength(401);
  expect(all[0]).toMatchObject({ arm: 'arm-0', requests: 1, bytesOut: 10, jobs: { create: 1, poll: 0 } });
  expect(all.at(-1)).toMatchObject({ split: 'other', arm: 'other', requests: 50, bytesIn: 50 });
});
