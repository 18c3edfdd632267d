import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { FlagListener } from '@/lib/gateway/weights/flag-listener';
import { FollowSplits } from '@/lib/gateway/weights/follow-splits';
import { splitsFile } from '@/lib/gateway/weights/splits-file';
import { systemClock } from '@/lib/kernel/clock';
import type { LiveRegistry } from './live-registry';
import { type Connections, databaseName, inDataDir } from './stores';

/** Keeps what is routed by up to date: polled every second, and at once when the database says that something changed. */
export function followStore(
  env: Env,
  log: Log,
  connections: Connections,
  { splits, learn }: LiveRegistry,
  onVersion: (version: number) => void,
) {
  const file = env.VERCEL ? null : splitsFile(inDataDir(env, 'weights.json'), databaseName(env));
  const { openPoll: open } = connections;
  const follow = new FollowSplits({ clock: systemClock, open, splits, learn, file, log, onVersion });
  const listener = listen(connections, log, () => void follow.read());
  return {
    firstRead: follow.start(),
    wake: follow.wake,
    /** null without LISTEN, or before it is known. */
    hears: (): boolean | null => listener?.isHeard ?? null,
    async stop(): Promise<void> {
      await Promise.all([follow.stop(), listener?.stop()]);
      await file?.settled();
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
