import { BadEnvironment } from '@/lib/config/env';
import { startWatchdog } from './watchdog/start-watchdog';

// Judges the red lines every few seconds until SIGTERM or SIGINT. Any number may run: one decides for each slot.
try {
  const watchdog = await startWatchdog(process.env);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void watchdog.stop(signal).then(() => process.exit(0)));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Error && !(error instanceof BadEnvironment)) console.error(error.stack);
  process.exit(1);
}
