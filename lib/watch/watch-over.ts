import type { Log } from '@/lib/config/log';
import type { Control } from '@/lib/control/control';
import { noticeSilence } from '@/lib/control/instances/notice-silence';
import { repeat } from '@/lib/kernel/clock';
import { LastingFault } from '@/lib/kernel/lasting-fault';

const everyMs = 10_000;

/** What a web process does for the control plane by itself: notice a dead watchdog, and send what it cannot send. */
export function watchOver(control: Control, deliver: () => Promise<unknown>, log: Log): () => void {
  const fault = new LastingFault((error) =>
    log.warn({ err: error }, 'looking after the watchdog failed; it is tried again and not said again'),
  );
  const look = async () => {
    // A start of everything at once is no silence: the first look comes late enough for a watchdog to have ticked.
    await noticeSilence(control);
    await deliver();
  };
  return repeat(everyMs, look, fault);
}
