import { callsSay } from '@/lib/split/live-calls';
import { shareOf } from '@/lib/split/weights';
import type { ErrorKind } from '../providers/provider';
import type { DataPlane } from '../request/data-plane';
import type { Lane } from '../request/lane';

export type Say = (said: string, kind: ErrorKind | null) => string;

/** The providers that have a share in some split. */
export function sentProviders({ splits }: Pick<DataPlane, 'splits'>): ReadonlySet<string> {
  const live = [...splits.all.values()].filter(({ isArchived }) => !isArchived);
  const met = live.flatMap(({ arms, routing }) =>
    [...arms.values()].filter(({ name }) => shareOf(routing?.effective ?? {}, name) > 0),
  );
  return new Set(met.map(({ provider }) => provider));
}

/** A probe knows nothing of calls, and where they are rare the last one is soon old. */
export function noneSucceeds({ calls, traffic }: Lane, nowMs: number, say: Say): string | null {
  const live = calls.within(nowMs);
  if (callsSay(live) !== 'none') return null;
  const why = traffic?.error ? say(traffic.error, traffic.kind) : 'five failed in a row';
  return `none of its last ${live.requests} calls within the hour succeeded, though its probe answers: ${why}`;
}

/** What its calls let doubt of a provider whose probe answers. */
export function callsNote({ calls }: Lane, nowMs: number): string | null {
  const live = calls.within(nowMs);
  const { requests, failures } = live;
  const say = callsSay(live);
  if (say === 'few') {
    return `not enough calls to say: ${requests - failures} of ${requests} succeeded within the last hour; the probe answers`;
  }
  return say === 'many' || say === 'none'
    ? `${failures} of its last ${requests} calls within the hour failed; the probe answers`
    : null;
}

/** What calls let doubt of providers that are called well all the same; null where nothing does. */
export function callsNotes(lanes: DataPlane['lanes'], isWell: (name: string) => boolean, nowMs: number): string | null {
  const notes = [...lanes].flatMap(([name, lane]) => {
    const note = isWell(name) ? callsNote(lane, nowMs) : null;
    return note === null ? [] : [`${name}: ${note}`];
  });
  return notes.length === 0 ? null : notes.join('. ');
}
