import type { Log } from '@/lib/config/log';
import { LastingFault } from '@/lib/kernel/lasting-fault';

/**
 * Compaction, partitions, indexes and tidying, beside the ticks: on an adopted table an index may take an hour, and
 * the next decision must not wait for it.
 */
export function startUpkeep(maintain: () => Promise<void>, log: Pick<Log, 'warn' | 'info'>) {
  let isRunning = false;
  let isStopped = false;
  const fault = new LastingFault(
    (error) => log.warn({ err: error }, 'maintenance of the log failed; it is tried again'),
    () => log.info('maintenance of the log works again'),
  );
  const run = async () => {
    isRunning = true;
    try {
      await maintain();
      fault.worked();
    } catch (error) {
      if (!isStopped) fault.failed(error);
    } finally {
      isRunning = false;
    }
  };
  return {
    /** Begins unless it is under way; the tick does not wait for it. */
    begin(): void {
      if (!isRunning && !isStopped) void run();
    },
    /** What runs is given up: closing its connection ends it. */
    stop(): void {
      isStopped = true;
    },
  };
}
