import type { Instruments } from '../diagnosis';

/** What was looked at, how it is known and what to do; `skipped` when there was nothing to look at, `warning` when all works still. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly what: string;
  readonly how: string;
  /** null when nothing needs doing. */
  readonly fix: string | null;
}

export type Check = (instruments: Instruments, signal: AbortSignal) => Promise<readonly Finding[]>;

export const ok = (check: string, what: string, how: string): Finding => ({
  check,
  status: 'ok',
  what,
  how,
  fix: null,
});

export const problem = (check: string, what: string, how: string, fix: string): Finding => ({
  check,
  status: 'problem',
  what,
  how,
  fix,
});

export const warning = (check: string, what: string, how: string, fix: string): Finding => ({
  check,
  status: 'warning',
  what,
  how,
  fix,
});

export const skipped = (check: string, what: string, how: string): Finding => ({
  check,
  status: 'skipped',
  what,
  how,
  fix: null,
});
