import type { Clock, RunningCalls } from '@/lib/kernel/clock';
import type { StartDeadline } from '@/lib/kernel/deadline';
import type { Lane, Turn } from './lane';

interface QueueParts {
  readonly clock: Clock;
  readonly startDeadline: StartDeadline;
  readonly calls: RunningCalls;
}

/** A place at one provider, or whose fault it is that there was none: waiting is our own doing. */
export async function queueFor(parts: QueueParts, lane: Lane, withinMs: number): Promise<Turn> {
  const fromMs = parts.clock.monotonic();
  const deadline = parts.startDeadline(Math.max(1, withinMs));
  parts.calls.begin(deadline);
  const hasSlot = await lane.slots.wait(deadline.signal);
  parts.calls.end(deadline);
  const nowMs = parts.clock.monotonic();
  const waitedMs = nowMs - fromMs;
  lane.trouble.noteWait(waitedMs, !hasSlot, nowMs);
  if (hasSlot) return { waitedMs, pass: lane.enterWithSlot(nowMs) };
  const all = `all ${lane.slots.most} connections to ${lane.provider.name} were in use`;
  const message = `not called: ${all} for ${Math.round(waitedMs)} ms`;
  if (!parts.calls.isCut) return { waitedMs, fault: { errorKind: 'queue_timeout', message } };
  return { waitedMs, fault: { errorKind: 'cut', message: `${message}, until this process had to end` } };
}
