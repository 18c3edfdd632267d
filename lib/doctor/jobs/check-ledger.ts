import type { Sql } from '@/lib/postgres/sql';
import { type Finding, ok, problem } from '../checks/finding';
import type { LedgerFault, RolloutFacts } from '../diagnosis';

/** None where the schema is older than the ledger. */
export async function readLedgerFaults(sql: Sql): Promise<readonly LedgerFault[]> {
  const [known] = await sql<{ is: boolean }[]>`select to_regprocedure('sluice.ledger_faults()') is not null as is`;
  return known?.is ? sql<LedgerFault[]>`select f.job, f.caller, f.fault from sluice.ledger_faults() f` : [];
}

/** What is held for ever is taken from what its caller may still spend. */
export function checkLedger({ ledgerFaults: [first, ...others] }: Pick<RolloutFacts, 'ledgerFaults'>): Finding {
  const how = 'compared the holds of the last 8 days in sluice.ledger with their ends and with sluice.jobs';
  if (first === undefined) return ok('ledger', 'the ledger of jobs adds up', how);
  const more = others.length === 0 ? '' : `, and ${others.length === 99 ? 'at least ' : ''}${others.length} more`;
  return problem(
    'ledger',
    `job ${first.job} of ${first.caller}: ${first.fault}${more}`,
    how,
    'somebody went past the triggers of sluice.jobs: see the line "guards", and what wrote the job',
  );
}
