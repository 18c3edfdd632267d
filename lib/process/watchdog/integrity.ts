import { type IntegrityLooks, lookEveryMs } from '@/lib/watch/integrity-looks';

/** At its own pace, beside the ticks. */
export function startIntegrity(looks: IntegrityLooks): { stop(): Promise<void> } {
  let looking: Promise<unknown> = looks.look();
  const timer = setInterval(() => {
    looking = looks.look();
  }, lookEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
