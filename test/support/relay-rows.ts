import type { Sql } from '@/lib/postgres/sql';

/** As an operator would by SQL: a provider that is sent what comes. */
export async function addProvider(sql: Sql, name: string, baseUrl: string, options: object): Promise<void> {
  const all = JSON.stringify({ dialect: 'generic', private: true, ...options });
  await sql`insert into sluice.providers (name, adapter, label, base_url, options)
    values (${name}, 'relay', ${name}, ${baseUrl}, ${all}::text::jsonb)`;
}
