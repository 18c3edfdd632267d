import type { Target } from './url';

/** What a role's, a database's or a server's defaults must not change for us; poolers take these three as well. */
const everywhere = { DateStyle: 'ISO, MDY', TimeZone: 'UTC', standard_conforming_strings: 'on' };

const direct = {
  ...{ IntervalStyle: 'postgres', extra_float_digits: '1', bytea_output: 'hex', transform_null_equals: 'off' },
  ...{ search_path: 'public', row_security: 'on', default_transaction_isolation: 'read committed' },
  // Our calls have deadlines of their own, and set limits inside of their transactions.
  ...{ statement_timeout: '0', lock_timeout: '0', idle_in_transaction_session_timeout: '0' },
};

interface SessionOptions {
  /** `default_transaction_read_only` may keep a full disk from filling up: what can wait obeys it. */
  readonly obeysReadOnly: boolean;
}

/** The settings of a session, as startup parameters. A pooler may refuse the long list. */
export function sessionSettings(target: Target, { obeysReadOnly }: SessionOptions): Record<string, string> {
  if (target.pooled) return everywhere;
  return { ...everywhere, ...direct, ...(obeysReadOnly ? {} : { default_transaction_read_only: 'off' }) };
}

/** What a pooler that the URL does not show refuses: the next connection goes without. */
export const onlyDirect: readonly string[] = [...Object.keys(direct), 'default_transaction_read_only'];
