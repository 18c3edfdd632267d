import type { AlertStore } from '../alerts/alert-store';
import type { FlagStore } from './flag-store';

/** The same store, whose writes tell this process at once; other processes hear of them by notification. */
export function tellingFlags(flags: FlagStore, tell: () => void): FlagStore {
  const then = async <T>(write: Promise<T>): Promise<T> => {
    try {
      return await write;
    } finally {
      tell();
    }
  };
  return {
    readSplit: () => flags.readSplit(),
    readPolicy: () => flags.readPolicy(),
    writeWeights: (weights, write) => then(flags.writeWeights(weights, write)),
    writeState: (write) => then(flags.writeState(write)),
    writePolicy: (text, write) => then(flags.writePolicy(text, write)),
  };
}

export function tellingAlerts(alerts: AlertStore, tell: () => void): AlertStore {
  return {
    raise: (alert) => alerts.raise(alert),
    resolve: (kind, key) => alerts.resolve(kind, key),
    open: () => alerts.open(),
    async acknowledge(id, by, reason) {
      const done = await alerts.acknowledge(id, by, reason);
      tell();
      return done;
    },
  };
}
