import { withSchema } from '@/lib/control/flags/schema-there';
import type { Pulse } from '@/lib/postgres/pulse';
import type { Sql } from '@/lib/postgres/sql';

export interface CallRules<Call> {
  readonly sql: Sql;
  /** Calls fail as soon as the store is silent instead of holding an operator up; null: they wait. */
  readonly pulse?: Pulse | null;
  /** Calls with deadlines of their own, for which silence is not looked for. */
  readonly patient?: readonly Call[];
  /** Calls after which `tell` is called, done or not: other processes hear of them by notification. */
  readonly writes?: readonly Call[];
  readonly tell?: () => void;
}

/** A store as it is called: a failure says of a missing table whether the schema is there, and silence ends a call. */
export function storeCalls<T extends object>(store: T, rules: CallRules<keyof T>): T {
  const { sql, pulse = null, patient = [], writes = [], tell } = rules;
  const explained = (call: Promise<unknown>) =>
    call.catch(async (error: unknown) => {
      throw await withSchema(sql, error);
    });
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const among = (calls: readonly (keyof T)[]) => calls.some((call) => call === name);
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        if (!(result instanceof Promise)) return result;
        const call = explained(result);
        const answered = pulse === null || among(patient) ? call : pulse.whileAnswering(call);
        return among(writes) ? answered.finally(tell) : answered;
      };
    },
  });
}
