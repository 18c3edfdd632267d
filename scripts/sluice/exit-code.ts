import { Refusal, type RefusalCode } from '@/lib/kernel/refusal';
import { UsageError } from './command';

export const exitCodes = { ok: 0, error: 1, usage: 2, gateClosed: 3, conflict: 4, drift: 5 } as const;

const closed: readonly RefusalCode[] = ['gate-closed', 'step-order', 'rolled-back', 'confirmation-needed'];
const conflicts: readonly RefusalCode[] = [
  'stale-version',
  'already-paused',
  'not-paused',
  'not-rolled-back',
  'operator-exists',
  'caller-exists',
  'split-exists',
  'still-needed',
];

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  if (!(error instanceof Refusal)) return exitCodes.error;
  if (error.code === 'reason-missing') return exitCodes.usage;
  if (closed.includes(error.code)) return exitCodes.gateClosed;
  return conflicts.includes(error.code) ? exitCodes.conflict : exitCodes.error;
}
