import { type Finding, ok, problem } from './finding';

export function checkMigrations(applied: readonly string[], expected: readonly string[]): Finding {
  const how = 'read sluice.migrations, and the ledger of the Supabase CLI where it applies these files';
  const done = new Set(applied);
  const missing = expected.filter((version) => !done.has(version));
  if (missing.length > 0) {
    const what = `${missing.length} of ${expected.length} migrations are missing, first ${missing[0]}`;
    return problem('migrations', what, how, 'npm run migrate');
  }
  return ok('migrations', `all ${expected.length} migrations are there`, how);
}
