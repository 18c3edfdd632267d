import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { FlagListener } from '@/lib/gateway/weights/flag-listener';
import { FollowNames } from '@/lib/gateway/weights/follow-names';
import { FollowWeights } from '@/lib/gateway/weights/follow-weights';
import { weightsFile } from '@/lib/gateway/weights/weights-file';
import type { WeightsInMemory } from '@/lib/gateway/weights/weights-in-memory';
import { systemClock } from '@/lib/kernel/clock';
import { split } from './build-data-plane';
import { type Connections, databaseName, inDataDir } from './stores';

/** Keeps what is routed by up to date: polled every second, and at once when the database says that a flag changed. */
export function followStore(env: Env, log: Log, connections: Connections, weights: WeightsInMemory) {
  const file = env.VERCEL ? null : weightsFile(inDataDir(env, 'weights.json'), databaseName(env));
  const follow = new FollowWeights({ clock: systemClock, open: connections.openPoll, split, weights, file, log });
  const names = new FollowNames(connections.requests, weights, log);
  const listener = listen(connections, log, () => {
    void follow.read();
    void names.read();
  });
  names.start();
  return {
    firstRead: follow.start(),
    wake: follow.wake,
    /** null without LISTEN, or before it is known. */
    hears: (): boolean | null => listener?.isHeard ?? null,
    async stop(): Promise<void> {
      follow.stop();
      names.stop();
      await listener?.stop();
    },
  };
}

function listen(connections: Connections, log: Log, onFlag: () => void): FlagListener | null {
  if (connections.isPooled) {
    const why = 'the database is behind a transaction pooler, which carries no LISTEN';
    log.warn(`${why}: weights follow by polling, every second`);
    return null;
  }
  const listener = new FlagListener({
    open: connections.openListener,
    beatFrom: connections.requests,
    onFlag,
    onState: (isHeard, why) => {
      if (isHeard) log.info('notifications of the database are heard');
      else log.warn({ why }, 'notifications of the database are not heard; weights follow by polling');
    },
  });
  listener.start();
  return listener;
}
