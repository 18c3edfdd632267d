import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import { systemClock } from '@/lib/kernel/clock';
import { accessFile, type StoredAccess } from '@/lib/registry/access-file';
import { KnownCallers } from '@/lib/registry/callers/known-callers';
import { FollowAccess } from '@/lib/registry/follow-access';
import { type Connections, databaseName, inDataDir } from '../stores';

/** The callers and the providers' keys that are stored, as this process knows them. */
export function storedAccess(env: Env, log: Log, takeKeys: (sealed: StoredAccess['keys']) => void) {
  const callers = new KnownCallers(systemClock.now);
  const onChange = (access: StoredAccess) => {
    callers.learn(access.callers.map((caller) => ({ ...caller, scopes: new Set(caller.scopes) })));
    takeKeys(access.keys);
  };
  return {
    callers,
    follow(connections: Connections): FollowAccess {
      const file = env.VERCEL ? null : accessFile(inDataDir(env, 'access.json'), databaseName(env));
      return new FollowAccess({ sql: connections.requests, file, log, onChange });
    },
  };
}
