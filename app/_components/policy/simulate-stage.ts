import type { PreflightRow } from '@/lib/replay/simulate/preflight';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { policyOf } from '../state/policy/policy-draft';

const levels = [1, 5, 10, 60, 300] as const;
const runs = 30;
const seed = 20_260_101;

/** One level of traffic after the other, each told at once; between them the page may breathe. */
export async function simulateStage(
  written: PolicyWire,
  stageName: string,
  ownLevel: number | null,
  tell: (row: PreflightRow) => void,
): Promise<void> {
  // The code of the simulation is loaded when it is first asked for.
  const [{ preflight }, { seeded }] = await Promise.all([
    import('@/lib/replay/simulate/preflight'),
    import('@/lib/replay/simulate/chance'),
  ]);
  const policy = policyOf(written);
  const stage = policy.stages.find(({ name }) => name === stageName);
  if (!stage) return;
  const own = ownLevel === null || levels.some((level) => level === ownLevel) ? [] : [ownLevel];
  for (const level of [...levels, ...own].sort((a, b) => a - b)) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (const row of preflight({ policy, stage, levels: [level], random: seeded(seed), runs })) tell(row);
  }
}
