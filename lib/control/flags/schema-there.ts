import type { Sql } from '@/lib/postgres/sql';

/** A table of ours that is missing says whether everything is, or only what came after an earlier build. */
export async function withSchema(sql: Sql, error: unknown): Promise<unknown> {
  const { code, message } = error as { code?: string; message?: string };
  if (!(error instanceof Error) || code !== '42P01' || !/"sluice\./.test(message ?? '')) return error;
  const found = await sql<{ is_there: boolean }[]>`
    select to_regnamespace('sluice') is not null as is_there`.catch(() => []);
  return Object.assign(error, { hasSchema: found[0]?.is_there === true });
}

/** The same store, whose failures say of a missing table whether the schema is there. */
export function tellingSchema<T extends object>(store: T, sql: Sql): T {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        if (!(result instanceof Promise)) return result;
        return result.catch(async (error: unknown) => {
          throw await withSchema(sql, error);
        });
      };
    },
  });
}
