import { excerpt } from '@/lib/kernel/excerpt';
import { Refusal } from '@/lib/kernel/refusal';
import type { DialectEntry } from '../registry';
import { readDialect } from './read-dialect';

/** A dialect as it was sent, to be added or changed; refused with every fault of its rules. */
export function wantedDialect(name: string, rules: unknown): DialectEntry {
  const reading = readDialect(rules);
  if (reading.ok) return { name, rules: reading.rules };
  throw new Refusal('registry-invalid', `The dialect ${excerpt(name)} was not written: ${reading.faults.join('; ')}.`);
}
