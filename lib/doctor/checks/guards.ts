import type { RolloutFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

/** Whether what protects the weights is still there, and whether this role could write them. */
export function checkGuards({ guards }: RolloutFacts): readonly Finding[] {
  const how = 'read the triggers, row security and the defaults of this role';
  const findings = [
    ...guards.guardFaults.map(({ relation, guard, fault }) =>
      problem('guards', `the trigger ${guard} of ${relation} ${fault}`, how, fixOf(relation, guard, fault)),
    ),
    ...guards.hidden.map(({ table, role }) =>
      problem(
        'guards',
        `row security of ${table} lets ${role} write nothing, and hides its rows`,
        how,
        `alter table ${table} no force row level security, or create policy sluice on ${table} to ${role} using (true) with check (true)`,
      ),
    ),
    ...(guards.isReadOnly ? [readOnly(how)] : []),
  ];
  return findings.length > 0 ? findings : [ok('guards', 'every guard is there, and fires always', how)];
}

function fixOf(relation: string, guard: string, fault: string): string {
  if (fault === 'is not there') {
    return `a look-alike of ${relation} may have taken its place, or the trigger was dropped: bring the table back that was migrated`;
  }
  if (fault === 'its table is not there') return `bring ${relation} back under its name`;
  if (fault === 'calls another function') return 'compare with a database that was just migrated';
  return `alter table ${relation} enable always trigger ${guard}; then compare the live weights with the journal`;
}

/** Set by mistake, or by a full disk that protects itself. */
function readOnly(how: string): Finding {
  const what = 'the database is read only by default (default_transaction_read_only): events wait on disk';
  const fix =
    'see why (a full disk?), then reset it for the role, the database or the server; ' +
    'rollbacks and other writes of the weights work meanwhile, by raw SQL after: begin read write';
  return problem('guards', what, how, fix);
}
