import type { Log } from '@/lib/config/log';
import { repeat } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';
import { within } from '@/lib/kernel/within';
import type { Deliverer } from '@/lib/notify/deliver-outbox';

/** A retry is due no sooner than 2.5 s after the try before. */
const lookEveryMs = 2000;

export interface StartedOutbox {
  /** A message waits that did not before. */
  wake(): void;
  /** What is on its way may arrive; what does not is sent again by another. */
  stop(withinMs: number): Promise<void>;
}

/** Sends what is due, in any process; what is on its way holds up nothing else. */
export function startOutbox(deliverer: Deliverer, log: Pick<Log, 'warn'>): StartedOutbox {
  const fault = new LastingFault((error) =>
    log.warn({ err: error }, 'the outbox was not delivered; it is tried again and not said again'),
  );
  const flights = new Set<Promise<unknown>>();
  let isStopped = false;
  let looking: Promise<void> | null = null;
  let isWoken = false;
  const look = async () => {
    do {
      isWoken = false;
      for (const fate of await deliverer.begin()) track(fate);
    } while (isWoken && !isStopped);
  };
  const track = (fate: Promise<string>) => {
    const flight: Promise<void> = fate
      .then(
        (became) => {
          // Its place is free for what else waits there.
          if (became === 'delivered') wake();
        },
        (error: unknown) => fault.failed(error),
      )
      .finally(() => flights.delete(flight));
    flights.add(flight);
  };
  const lookOnce = () => {
    looking ??= look().finally(() => {
      looking = null;
    });
    return looking;
  };
  const wake = () => {
    isWoken = true;
    if (looking === null && !isStopped)
      void lookOnce().then(
        () => fault.worked(),
        (error) => fault.failed(error),
      );
  };
  const end = repeat(lookEveryMs, lookOnce, fault);
  return {
    wake,
    async stop(withinMs) {
      isStopped = true;
      end();
      await within(withinMs, Promise.all([looking, ...flights])).catch(() => undefined);
    },
  };
}
