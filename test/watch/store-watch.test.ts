import { describe, expect, it } from 'vitest';
import type { AlertChannel } from '@/lib/notify/outbox';
import { StoreWatch } from '@/lib/watch/store-watch';

const channel = (id: number, enabled = true, alerts: AlertChannel['alerts'] = null): AlertChannel => ({
  ...{ id, name: null, alerts },
  kind: 'webhook',
  url: `https://example.com/${id}`,
  secret: null,
  enabled,
  createdAtMs: 0,
  createdBy: 'a',
});

function watched(channels: readonly AlertChannel[], refuse: Set<string> = new Set()) {
  const sent: string[] = [];
  const time = { ms: 0 };
  const watch = new StoreWatch({
    channels: { list: async () => channels } as never,
    notifier: {
      addressFault: async () => null,
      deliver: async ({ url }, { id, detail }) => {
        if (refuse.has(url)) return { ok: false, error: 'answered 500' };
        sent.push(`${url} ${id}: ${detail}`);
        return { ok: true };
      },
    },
    clock: { now: () => time.ms, monotonic: () => time.ms },
    split: 's',
    newId: () => '1',
  });
  const at = (seconds: number) => {
    time.ms = seconds * 1000;
  };
  return { watch, sent, refuse, at };
}

describe('a store that is away', () => {
  it('is told after half a minute, once to each channel that wants it, and so is its return', async () => {
    const { watch, sent, at } = watched([
      channel(1, true, ['changed', 'store_away']),
      channel(2, false),
      channel(3, true, ['changed']),
    ]);
    await watch.answered();
    await watch.failed('ECONNREFUSED');
    at(29);
    await watch.failed('ECONNREFUSED');
    expect(sent).toEqual([]);
    at(30);
    await watch.failed('ECONNREFUSED');
    at(40);
    await watch.failed('ECONNREFUSED');
    expect(sent).toEqual([expect.stringMatching(/\/1 msg_store_1: The database has not answered for .*ECONNREFUSED/)]);
    at(300);
    await watch.answered();
    await watch.answered();
    expect(sent[1]).toContain('/1 msg_store_1_over: The database answers again');
    expect(sent).toHaveLength(2);
  });

  it('is told again to a channel that did not take it', async () => {
    const { watch, sent, refuse, at } = watched([channel(1)], new Set(['https://example.com/1']));
    await watch.answered();
    await watch.failed('x');
    at(30);
    await watch.failed('x');
    refuse.clear();
    at(40);
    await watch.failed('x');
    expect(sent).toHaveLength(1);
  });

  it('says nothing of a moment', async () => {
    const { watch, sent, at } = watched([channel(1)]);
    await watch.answered();
    await watch.failed('x');
    at(10);
    await watch.answered();
    at(45);
    await watch.failed('x');
    expect(sent).toEqual([]);
  });
});
