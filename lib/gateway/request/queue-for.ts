import type { ErrorKind } from '../providers/provider';
import type { GenerateParts } from './generate-parts';
import type { Closed, Lane, Pass } from './lane';

/** What came of waiting for a connection: the call may be made, it need not be any more, or nothing came of it. */
export type Turn =
  | { readonly waitedMs: number; readonly pass: Pass | Closed; readonly fault?: undefined }
  | { readonly waitedMs: number; readonly fault: { readonly errorKind: ErrorKind; readonly message: string } };

export async function queueFor(parts: GenerateParts, lane: Lane, withinMs: number): Promise<Turn> {
  const fromMs = parts.clock.monotonic();
  const deadline = parts.startDeadline(Math.max(1, withinMs));
  parts.calls.begin(deadline);
  const hasSlot = await lane.slots.wait(deadline.signal);
  parts.calls.end(deadline);
  const nowMs = parts.clock.monotonic();
  const waitedMs = nowMs - fromMs;
  lane.noteWait(waitedMs, !hasSlot, nowMs);
  if (hasSlot) return { waitedMs, pass: lane.enterWithSlot(nowMs) };
  const all = `all ${lane.slots.most} connections to ${lane.provider.name} were in use`;
  const message = `not called: ${all} for ${Math.round(waitedMs)} ms`;
  if (!parts.calls.isCut) return { waitedMs, fault: { errorKind: 'queue_timeout', message } };
  return { waitedMs, fault: { errorKind: 'cut', message: `${message}, until this process had to end` } };
}
