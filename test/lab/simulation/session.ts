import type { AlertStore } from '@/lib/control/alerts/alert-store';
import type { Control } from '@/lib/control/control';
import type { FlagStore } from '@/lib/control/flags/flag-store';
import type { FlagWrite, WriteOutcome } from '@/lib/control/flags/flag-write';
import type { InstanceStore } from '@/lib/control/instances/instance-store';
import type { RecordingStore } from '@/lib/control/rollout/recording-store';
import type { StoryStore } from '@/lib/control/snapshot/story/story-store';
import { LastAnswers, type MetricsStore } from '@/lib/log/buckets/metrics-store';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { policyKeyOf, usualSlug } from '@/lib/split/split-key';
import { type Database, LockTimeout, registered, StoreAway, splitKey, type Tx } from './database';
import { latencies, type ProviderName } from './event-log';
import type { Place, Scheduler, Task } from './scheduler';
import { tickPort } from './tick-port';

/** One caller's way to the database: every word to it is a turn, and may find it away. */
export class Session {
  constructor(
    readonly database: Database,
    readonly scheduler: Scheduler,
    readonly task: Task,
    readonly instances: (withinSeconds: number) => Awaited<ReturnType<InstanceStore['list']>>,
    readonly tx: Tx | null = null,
  ) {}

  within(tx: Tx): Session {
    return new Session(this.database, this.scheduler, this.task, this.instances, tx);
  }

  async turn(place: Place): Promise<void> {
    const wait = this.scheduler.turn(this.task, place);
    if (wait !== null) await wait;
    const { database, tx } = this;
    database.endOld();
    if (database.isAway) throw new StoreAway('connect ECONNREFUSED: the store is away');
    if (tx?.isDead && database.bug !== 'late-commit') throw new Error('the transaction was ended by the server');
  }

  /** The row's lock is waited for as long as `lock_timeout` says. */
  async lockRow(): Promise<void> {
    const { database } = this;
    for (let tries = 0; database.rowLock !== null && database.rowLock !== this.tx; tries++) {
      if (tries >= 8) throw new LockTimeout('canceling statement due to lock timeout');
      await this.turn('read');
    }
  }

  control(): Control {
    const { database } = this;
    return {
      ...{ flags: flagPort(this), metrics: metricsPort(this), alerts: alertPort(this) },
      ...{ instances: this.instancePort(), ticks: tickPort(this) },
      journal: {
        list: async ({ limit, flagKey }) => {
          await this.turn('read');
          const rows = database.journal.filter((entry) => flagKey === undefined || entry.flag_key === flagKey);
          return rows
            .slice(-limit)
            .reverse()
            .map((entry) => ({ ...entry, hash: '', login: 'sluice' }));
        },
        get: async () => null,
        at: async () => null,
        after: async () => [],
        faults: async () => [],
      },
      recordings: nowhere<RecordingStore>('recordings'),
      story: nowhere<StoryStore>('story'),
      facts: {
        ...{ mode: 'sandbox', build: 'simulated', environmentCostUsd: null },
        ...{ split: splitKey, slug: usualSlug(splitKey), policyKey: policyKeyOf(splitKey) },
        migration: async () => 'simulated',
        named: async () => registered,
        elsewhere: async () => [],
        registered: async () => registered.map((name) => ({ name, deprecated: name === 'runware' })),
      },
    };
  }

  instancePort(): InstanceStore {
    return {
      beat: async () => ({ nowMs: this.database.nowMs, isNew: false }),
      leave: async () => {},
      list: async (withinSeconds) => {
        await this.turn('read');
        return this.instances(withinSeconds);
      },
    };
  }
}

function nowhere<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: (_, member) => {
      throw new Error(`Nothing simulated reads ${name}.${String(member)}.`);
    },
  });
}

export function flagPort(session: Session): FlagStore {
  const { database, task, tx } = session;
  const stale = (): WriteOutcome => {
    const last = database.journal.findLast(({ flag_key }) => flag_key === splitKey);
    return {
      kind: 'stale',
      row: database.view(database.current(tx)),
      by: last?.actor ?? null,
      atMs: last?.atMs ?? null,
    };
  };
  const isStale = (write: FlagWrite) => {
    const { expectedVersion } = write;
    if (expectedVersion === null) return false;
    if (write.judgedAtMs !== undefined && database.nowMs > write.judgedAtMs + 10_000) return true;
    if (database.bug === 'no-compare-and-set') return database.current(tx) === null;
    return (database.current(tx)?.version ?? 0) !== expectedVersion;
  };
  const write = async (weights: FlagWriteWeights, flagWrite: FlagWrite): Promise<WriteOutcome> => {
    await session.turn('write');
    await session.lockRow();
    const row = database.current(tx);
    if (isStale(flagWrite) || (weights === 'as they are' && row === null)) return stale();
    if (tx !== null && database.bug === 'lost-rollback')
      return { kind: 'written', version: (row?.version ?? 0) + 1, journalId: 1 };
    try {
      const becomes = weights === 'as they are' ? (row?.weights ?? {}) : weights;
      const { entry } = database.writeSplit(tx, task, becomes, flagWrite, flagWrite.evidence);
      if (tx === null) await session.turn('answer');
      return { kind: 'written', version: entry.version, journalId: entry.id };
    } catch (error) {
      if ((error as { code?: string }).code !== '22023') throw error;
      return { kind: 'refused', sentence: (error as Error).message };
    }
  };
  return {
    readSplit: async () => {
      await session.turn('read');
      const row = shown(database, database.view(database.current(tx)));
      return { row, lastGood: null, nowMs: database.nowMs, providers: {}, models: {} };
    },
    readPolicy: async () => {
      await session.turn('read');
      return database.policy();
    },
    writeWeights: write,
    writeState: (flagWrite) => write('as they are', flagWrite),
    writePolicy: async (text, { actor, verb, reason, expectedVersion }) => {
      await session.turn('write');
      const version = database.policyRow?.version ?? 0;
      if (expectedVersion !== null && expectedVersion !== version && database.bug !== 'no-compare-and-set')
        return stale();
      const reading = readPolicy(text, registered);
      if (!reading.ok) return { kind: 'refused', sentence: reading.faults.join('; ') };
      const written = database.writePolicy(task, text, { actor, verb, reason });
      await session.turn('answer');
      return { kind: 'written', version: written, journalId: database.journal.length };
    },
  };
}

type FlagWriteWeights = Parameters<FlagStore['writeWeights']>[0] | 'as they are';

type Shown = Awaited<ReturnType<FlagStore['readSplit']>>['row'];

function shown({ bug }: Database, row: Shown): Shown {
  if (row === null) return null;
  if (bug === 'no-latch') return { ...row, latched: false, stage: row.latched ? 'baseline' : row.stage };
  if (bug === 'time-not-served') return { ...row, stageStartedAtMs: (row.stageStartedAtMs ?? 0) - 3_600_000 };
  return row;
}

export function metricsPort(session: Session): MetricsStore {
  const { log, bug } = session.database;
  const lateMs = bug === 'stale-log' && session.tx !== null ? 3_600_000 : 0;
  return {
    buckets: async (sinceMs, untilMs) => {
      await session.turn('read');
      return log.buckets(sinceMs, untilMs - lateMs);
    },
    pinned: async () => [],
    neighbours: async (provider, fromMs, toMs, limitMs) => {
      const bins = log.bins(provider === 'runware' ? 'candidate' : 'baseline', fromMs / 10_000, toMs / 10_000);
      const seen = latencies.filter((latency) => bins.some(([low]) => low === latency));
      const below = seen.findLast((latency) => latency < limitMs) ?? null;
      return { below, atOrAbove: seen.find((latency) => latency >= limitMs) ?? null };
    },
    voucherRate: async (fromMs, toMs) => {
      const sum = (column: 'vouchers' | 'generated') =>
        log.sum('fal', column, fromMs, toMs) + log.sum('runware', column, fromMs, toMs);
      return { vouchers: sum('vouchers') + log.looseVouchers(fromMs, toMs), generated: sum('generated') };
    },
    requests: async (provider, fromMs, toMs) => log.sum(provider as ProviderName, 'requests', fromMs, toMs),
    topErrors: async () => [],
    answers: new LastAnswers(),
    // The simulated rows name neither a user nor a price, and their vouchers no request.
    voucherDelays: async () => [],
    pricesOf: async () => [],
    latencyQuartiles: async () => null,
    repeats: async () => ({ rows: 0, rowsSquared: 0, hitsSquared: 0, hitsTimesRows: 0 }),
    firstOfUsers: async () => ({ buckets: [] }),
    weightsChanged: async () => [],
  };
}

export function alertPort(session: Session): AlertStore {
  const { database, tx } = session;
  const { alerts } = database;
  /** In a transaction an effect waits for the commit. */
  const later = (effect: () => void) => (tx === null ? effect() : tx.effects.push(effect));
  return {
    raise: async ({ kind, key, detail, params, blocksAdvance, journalId }) => {
      await session.turn('write');
      const open = alerts.find((each) => each.kind === kind && each.params.key === key && each.resolved_at === null);
      if (open) return { id: open.id, isNew: false };
      later(() => {
        const at = new Date(database.nowMs).toISOString();
        const all = { ...(params as object | undefined), key };
        alerts.push({
          ...{ id: alerts.length + 1, kind, at, detail, params: all, journal_id: journalId ?? null },
          ...{ blocks_advance: blocksAdvance, acknowledged: null, resolved_at: null },
        });
      });
      return { id: alerts.length + 1, isNew: true };
    },
    resolveAll: async () => undefined,
    resolve: async (kind, key) => {
      await session.turn('write');
      later(() => {
        for (const each of alerts)
          if (each.kind === kind && each.params.key === key && each.resolved_at === null)
            each.resolved_at = new Date(database.nowMs).toISOString();
      });
    },
    acknowledge: async (id, by, reason) => {
      await session.turn('write');
      const found = alerts.find((each) => each.id === id);
      if (!found || found.acknowledged !== null || (found.resolved_at !== null && !found.blocks_advance)) return false;
      found.acknowledged = { at: new Date(database.nowMs).toISOString(), by, reason };
      return true;
    },
    open: async () => {
      await session.turn('read');
      return alerts
        .filter((each) => each.resolved_at === null || (each.blocks_advance && each.acknowledged === null))
        .map((each) => ({ ...each }))
        .reverse();
    },
  };
}
