import type { TickRecord } from '@/lib/control/ticks/tick-record';
import type { TickStore } from '@/lib/control/ticks/tick-store';
import type { Tx } from './database';
import { alertPort, flagPort, metricsPort, type Session } from './session';

/** Slots of ticks as the database keeps them: one lock, one transaction, one heartbeat row. */
export function tickPort(session: Session): TickStore {
  const { database } = session;
  const put = (record: TickRecord) => {
    if (record.error === null) {
      const decided = (database.decidedSlots.get(record.slotMs) ?? 0) + 1;
      database.decidedSlots.set(record.slotMs, decided);
      database.ticks = { any: record, decided: record };
    } else database.ticks = { ...database.ticks, any: record };
  };
  return {
    async inSlot({ intervalSeconds }, work) {
      await session.turn('read');
      const nowMs = database.nowMs;
      const slotMs = Math.floor(nowMs / (intervalSeconds * 1000)) * intervalSeconds * 1000;
      const isFree = database.slotLock === null && !database.decidedSlots.has(slotMs);
      if (!isFree && database.bug !== 'slot-decided-twice') return null;
      // Its deadline is shorter than a step: a tick that is held up for one has been ended meanwhile.
      const endsAtStep = database.clock.step() + 1;
      const tx: Tx = { task: session.task, endsAtStep, isDead: false, row: undefined, commits: [], effects: [] };
      database.slotLock = tx;
      try {
        const inside = session.within(tx);
        const record = await work({
          ...{ nowMs, slotMs, previous: database.ticks.decided, flags: flagPort(inside) },
          ...{ metrics: metricsPort(inside), alerts: alertPort(inside), instances: inside.instancePort() },
          log: () => inside.turn('write'),
        });
        await inside.turn('commit');
        const tick = { ...record, slotMs, durationMs: 1 };
        tx.effects.push(() => put(tick));
        database.commit(tx);
        return tick;
      } finally {
        database.end(tx);
      }
    },
    async recordFailure({ by, intervalSeconds }, error) {
      await session.turn('write');
      const atMs = database.nowMs;
      const slotMs = Math.floor(atMs / (intervalSeconds * 1000)) * intervalSeconds * 1000;
      const nothing = { decision: null, policyVersion: null, weightsVersion: null, durationMs: 0 };
      if (!database.decidedSlots.has(slotMs)) put({ ...nothing, atMs, slotMs, by, intervalSeconds, error });
    },
    async freeSplit() {
      await session.turn('write');
      if (database.rowLock === null) return 0;
      database.end(database.rowLock);
      return 1;
    },
    async last() {
      await session.turn('read');
      return database.ticks;
    },
  };
}
