import { diagnose } from '@/lib/process/doctor/diagnose';
import { NoDatabase } from '../../../known-database';
import { root } from '../../../project-root';
import type { Command, Invocation } from '../../command';

const marks = { ok: 'ok     ', warning: 'warning', problem: 'PROBLEM', skipped: 'skipped' } as const;

export const doctor: Command = {
  summary: 'what is wrong, how it is known and what to do; changes nothing',
  usage: 'doctor',
  notes: ['Exit codes: 0 nothing is wrong, 1 something is, 2 usage. Ends within ten seconds, whatever hangs.'],
  async run(call) {
    const { healthy, findings } = await diagnose(process.env, { root, databaseUrl: knownUrl(call) });
    const lines = findings.map(({ check, status, what, how, fix }) => {
      const todo = fix === null ? '' : ` → ${fix}`;
      return `${marks[status]} ${check}: ${what} (${how})${todo}`;
    });
    const problems = findings.filter(({ status }) => status === 'problem').length;
    const sum = ['Nothing is wrong.', '1 problem.'][problems] ?? `${problems} problems.`;
    call.answer({ healthy, findings }, [...lines, sum]);
    endSoon(healthy ? 0 : 1);
    return healthy ? undefined : 1;
  },
};

/** A handshake that hangs cannot be cancelled everywhere, and must not keep us: what is said is out by then. */
function endSoon(code: number): void {
  setTimeout(() => process.exit(code), 500).unref();
}

function knownUrl(call: Invocation): string | null {
  try {
    return call.database().url;
  } catch (error) {
    // Not knowing a database is a finding, not a reason to stop.
    if (error instanceof NoDatabase) return null;
    throw error;
  }
}
