import { readFile } from 'node:fs/promises';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';

/** A policy from a file, or every fault of it in one message. */
export async function readPolicyFile(file: string): Promise<Policy> {
  const reading = readPolicy(await readFile(file, 'utf8'));
  if (reading.ok) return reading.policy;
  throw new Error(`${file}: ${reading.faults.join('; ')}.`);
}
