import { BadEnvironment } from '@/lib/config/env';
import { startWatchdog } from '@/lib/process/watchdog/start-watchdog';

/** A tick that hangs is given up: its transaction is undone, and the next watchdog judges from the log. */
const stopWithinMs = 7000;

// Judges the red lines every few seconds until SIGTERM or SIGINT. Any number may run: one decides for each slot.
try {
  const watchdog = await startWatchdog(process.env);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => process.exit(0), stopWithinMs).unref();
      void watchdog.stop(signal).then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && !(error instanceof BadEnvironment)) console.error(error.stack);
  process.exit(1);
}
