import { Refusal } from '@/lib/kernel/refusal';
import type { Control } from '../control';
import type { Controls } from './controls';

/** An archived split stands still until it is taken out again. */
export async function refuseArchived({ registry }: Pick<Controls, 'registry'>, { facts }: Control): Promise<void> {
  if (!(await registry.isArchived(facts.split))) return;
  const detail = `Nothing was written: the split "${facts.slug}" is archived. Unarchive it first.`;
  throw new Refusal('split-archived', detail);
}
