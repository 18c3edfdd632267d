import { Refusal } from '@/lib/kernel/refusal';
import type { Control } from '../control';
import { refuseStale } from '../verbs/refuse-stale';
import { staleVersion } from '../verbs/settle-write';
import type { Controls } from './controls';

/** An archived split stands still until it is taken out again. */
export async function refuseArchived({ registry }: Pick<Controls, 'registry'>, { facts }: Control): Promise<void> {
  if (!(await registry.isArchived(facts.split))) return;
  const detail = `Nothing was written: the split "${facts.slug}" is archived. Unarchive it first.`;
  throw new Refusal('split-archived', detail);
}

/** A change of what a split is made of, asked for by the version that was seen of its weights; 0 where it has none. */
export async function refuseStaleSplit(control: Control, expectedVersion: number): Promise<void> {
  const { row } = await control.flags.readSplit();
  if (row !== null) return refuseStale(control, row, expectedVersion);
  if (expectedVersion !== 0) throw staleVersion(expectedVersion, { row: null, by: null, atMs: null });
}
