import type { PlantedBug } from '../simulation/planted';
import { simulateRollout, type Violation } from '../simulation/rollout';

export interface Report {
  readonly violations: { readonly seed: number; readonly hash: string; readonly violation: Violation }[];
  readonly counts: Record<string, number>;
  /** The sum of all trace hashes: the same seeds give the same sum. */
  readonly mixed: string;
}

interface Job {
  readonly first: number;
  readonly every: number;
  readonly last: number;
  readonly days: number;
  readonly bug: PlantedBug;
}

const { first, every, last, days, bug } = JSON.parse(process.argv[2] ?? '{}') as Job;
const report: Report & { mixed: string } = { violations: [], counts: {}, mixed: '0' };
let mixed = 0n;
for (let seed = first; seed <= last; seed += every) {
  const { hash, violation, counts } = await simulateRollout({ seed, days, bug });
  mixed = (mixed + BigInt(`0x${hash}`)) % 2n ** 64n;
  if (violation !== null) report.violations.push({ seed, hash, violation });
  for (const [name, count] of Object.entries(counts)) report.counts[name] = (report.counts[name] ?? 0) + count;
}
process.send?.({ ...report, mixed: mixed.toString(16) }, () => process.disconnect());
