import type { FromWeb } from './messages';

/** Says something to the process that started this one, when it listens; resolves when it is on its way. */
export function tellSupervisor(message: FromWeb): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, () => resolve());
  });
}
