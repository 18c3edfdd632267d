import { describe, expect, it } from 'vitest';
import { alertPatience, Deliverer, waitSeconds } from '@/lib/notify/deliver-outbox';
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
const item = (id: number, attempts: number, ageSeconds = 0): OutboxItem => ({
  ...{ id, attempts, ageSeconds, receiver: `channel ${id}`, kind: 'alert', message },
  channel: { kind: 'webhook', url: `https://example.com/${id}`, secret: null },
});

const nothing = { waiting: 0, dead: 0, oldestSeconds: null };

async function deliver(items: readonly OutboxItem[], outcome: (url: string) => DeliveryOutcome) {
  const log: string[] = [];
  const waiting = [...items];
  const outbox: OutboxStore = {
    claim: async () => waiting.splice(0),
    delivered: async (id) => void log.push(`${id} delivered`),
    retryIn: async (id, seconds, error) => void log.push(`${id} again in ${seconds} s: ${error}`),
    giveUp: async (id, error) => void log.push(`${id} dead: ${error}`),
    depth: async () => ({ alerts: nothing, jobs: nothing }),
  };
  const send = async (sent: OutboxItem) => outcome(sent.kind === 'alert' ? sent.channel.url : '');
  const deliverer = new Deliverer({ outbox, send, patienceOf: () => alertPatience, chance: () => 0.5 });
  return { counts: await deliverer.round(), log };
}

describe('the outbox', () => {
  it('marks what arrived, one receiver not hindering another', async () => {
    const { counts, log } = await deliver([item(1, 1), item(2, 1)], (url) =>
      url.endsWith('1') ? { ok: false, error: 'answered 500' } : { ok: true },
    );
    expect(counts).toEqual({ delivered: 1, retried: 1, dead: 0 });
    expect(log.sort()).toEqual(['1 again in 3.75 s: answered 500', '2 delivered']);
  });

  it('gives up at the last attempt, when it is too old for another, and where nothing will change', async () => {
    const refuse = () => ({ ok: false as const, error: 'answered 500' });
    const { attempts, withinSeconds } = alertPatience;
    expect((await deliver([item(1, attempts - 1)], refuse)).counts.retried).toBe(1);
    expect((await deliver([item(1, attempts)], refuse)).log).toEqual(['1 dead: answered 500']);
    expect((await deliver([item(1, 1, withinSeconds - 3)], refuse)).log).toEqual(['1 dead: answered 500']);
    const gone = () => ({ ok: false as const, error: 'answered 410', isFinal: true as const });
    expect((await deliver([item(1, 1)], gone)).log).toEqual(['1 dead: answered 410']);
  });

  it('leaves a receiver that hangs four places, and one that failed a single one', async () => {
    const asked: Record<string, number>[] = [];
    let answer: (outcome: DeliveryOutcome) => void = () => undefined;
    const held = new Promise<DeliveryOutcome>((resolve) => {
      answer = resolve;
    });
    const claimed = [[item(1, 1), item(1, 1), item(2, 1)], []];
    const outbox = {
      claim: async ({ of, less }: Parameters<OutboxStore['claim']>[0]) => {
        if (of === 'jobs') return [];
        asked.push(less);
        return claimed.shift() ?? [];
      },
      delivered: async () => undefined,
      retryIn: async () => undefined,
    } as unknown as OutboxStore;
    const send = async (sent: OutboxItem): Promise<DeliveryOutcome> =>
      sent.receiver === 'channel 1' ? held : { ok: true };
    const deliverer = new Deliverer({ outbox, send, patienceOf: () => alertPatience, chance: () => 0.5 });
    const [first, second, third] = await deliverer.begin();
    expect(await third).toBe('delivered');
    await deliverer.begin();
    answer({ ok: false, error: 'no answer' });
    expect(await Promise.all([first, second])).toEqual(['retried', 'retried']);
    await deliverer.begin();
    expect(asked).toEqual([{}, { 'channel 1': 2 }, { 'channel 1': 1 }]);
  });

  it('keeps places for alerts, however many ends of jobs wait', async () => {
    const asked = { alerts: [] as number[], jobs: [] as number[] };
    const outbox = {
      claim: async ({ of, most }: Parameters<OutboxStore['claim']>[0]) => {
        asked[of].push(most);
        return of === 'alerts' ? [] : Array.from({ length: most }, (_, at) => item(at, 1));
      },
    } as unknown as OutboxStore;
    const send = () => new Promise<DeliveryOutcome>(() => undefined);
    const deliverer = new Deliverer({ outbox, send, patienceOf: () => alertPatience, chance: () => 0.5 });
    for (let round = 1; round <= 4; round += 1) await deliverer.begin();
    expect(asked).toEqual({ alerts: [20, 20, 20, 16], jobs: [20, 20, 8] });
  });

  it('leaves places to receivers that answer, however many of jobs hang', async () => {
    const asked: Record<string, Readonly<Record<string, number>>> = {};
    const claimed = [30, 20];
    let sent = 0;
    const outbox = {
      claim: async ({ of, less }: Parameters<OutboxStore['claim']>[0]) => {
        asked[of] = less;
        return of === 'alerts' ? [] : Array.from({ length: claimed.shift() ?? 0 }, (_, at) => item(at, 1));
      },
      retryIn: async () => undefined,
    } as unknown as OutboxStore;
    // The first round fails; of the second, twenty of the same, each hangs.
    const send = async (): Promise<DeliveryOutcome> =>
      ++sent <= 30 ? { ok: false, error: 'no answer' } : new Promise(() => undefined);
    const deliverer = new Deliverer({ outbox, send, patienceOf: () => alertPatience, chance: () => 0.5 });
    await Promise.all(await deliverer.begin());
    await deliverer.begin();
    expect(Object.values(asked.jobs ?? {})).toEqual(Array.from({ length: 30 }, () => 1));
    await deliverer.begin();
    expect(Object.values(asked.jobs ?? {})).toEqual(Array.from({ length: 30 }, () => 0));
  });

  it('waits twice as long each time, up to an hour, with chance in the upper half', () => {
    expect([1, 2, 3, 20].map((attempts) => waitSeconds(attempts, 0))).toEqual([2.5, 5, 10, 1800]);
    expect(waitSeconds(20, 0.999)).toBeLessThanOrEqual(3600);
  });
});
