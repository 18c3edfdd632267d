import type { Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { textOf } from './named-file';

/** A policy from a file, or every fault of it in one message. */
export async function readPolicyFile(file: string): Promise<Policy> {
  const reading = readPolicy(await textOf(file));
  if (reading.ok) return reading.policy;
  throw new Error(`${file}: ${reading.faults.join('; ')}.`);
}
