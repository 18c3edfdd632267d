import type { Written } from '@/lib/api/views';
import { Refusal } from '@/lib/kernel/refusal';
import type { Control } from '../control';
import type { FlagWrite } from '../flags/flag-write';
import type { SplitRow } from '../flags/stored-flags';
import { refuseStale } from './refuse-stale';
import { settleWrite } from './settle-write';

export interface StateRequest {
  readonly expectedVersion: number;
  readonly reason: string | null;
  readonly actor: string;
}

/** Pause, resume and re-arm alike: the weights stay, the row's state and the journal move. */
export async function changeState(
  control: Control,
  verb: Extract<FlagWrite['verb'], 'pause' | 'resume' | 'rearm'>,
  request: StateRequest,
  refuse: (row: SplitRow) => void,
): Promise<Written> {
  const row = await currentSplit(control);
  await refuseStale(control, row, request.expectedVersion);
  refuse(row);
  const outcome = await control.flags.writeState({ verb, ...request });
  return settleWrite(outcome, 'weights-invalid', request.expectedVersion);
}

export async function currentSplit(control: Control): Promise<SplitRow> {
  const { row } = await control.flags.readSplit();
  if (row === null) throw noSplit(control.facts.split);
  return row;
}

function noSplit(split: string): Refusal {
  return new Refusal('no-such-split', `feature_flags has no row ${split}; write its weights once, then try again.`);
}
