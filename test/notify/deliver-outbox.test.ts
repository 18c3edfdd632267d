import { describe, expect, it } from 'vitest';
import { deliverOutbox, maxAttempts, waitSeconds } from '@/lib/notify/deliver-outbox';
import type { AlertMessage, DeliveryOutcome, OutboxItem } from '@/lib/notify/outbox';
import type { OutboxStore } from '@/lib/notify/outbox-store';

const message: AlertMessage = {
  id: 'msg_1',
  kind: 'rolled_back',
  atMs: 0,
  detail: '',
  split: 's',
  alertId: 1,
  journalId: 1,
  params: {},
};
const item = (id: number, attempts: number): OutboxItem => ({
  id,
  attempts,
  message,
  channel: { kind: 'webhook', url: `https://example.com/${id}`, secret: null },
});

async function deliver(items: readonly OutboxItem[], outcome: (url: string) => DeliveryOutcome) {
  const log: string[] = [];
  const outbox: OutboxStore = {
    claim: async () => items,
    delivered: async (id) => void log.push(`${id} delivered`),
    retryIn: async (id, seconds, error) => void log.push(`${id} again in ${seconds} s: ${error}`),
    giveUp: async (id, error) => void log.push(`${id} dead: ${error}`),
    depth: async () => ({ waiting: 0, dead: 0, oldestSeconds: null }),
  };
  const notifier = { addressFault: async () => null, deliver: async ({ url }: { url: string }) => outcome(url) };
  return { counts: await deliverOutbox({ outbox, notifier, chance: () => 0.5 }), log };
}

describe('the outbox', () => {
  it('marks what arrived, one receiver not hindering another', async () => {
    const { counts, log } = await deliver([item(1, 1), item(2, 1)], (url) =>
      url.endsWith('1') ? { ok: false, error: 'answered 500' } : { ok: true },
    );
    expect(counts).toEqual({ delivered: 1, retried: 1, dead: 0 });
    expect(log.sort()).toEqual(['1 again in 3.75 s: answered 500', '2 delivered']);
  });

  it('gives up at the last attempt, not before', async () => {
    const refuse = () => ({ ok: false as const, error: 'answered 410' });
    expect((await deliver([item(1, maxAttempts - 1)], refuse)).counts.retried).toBe(1);
    expect((await deliver([item(1, maxAttempts)], refuse)).log).toEqual(['1 dead: answered 410']);
  });

  it('waits twice as long each time, up to an hour, with chance in the upper half', () => {
    expect([1, 2, 3, 20].map((attempts) => waitSeconds(attempts, 0))).toEqual([2.5, 5, 10, 1800]);
    expect(waitSeconds(20, 0.999)).toBeLessThanOrEqual(3600);
  });
});
