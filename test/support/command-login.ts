import { randomUUID } from 'node:crypto';
import type { TestDatabase } from './database';

/** A login that may do no more than a command. */
export async function commandLogin({ sql, url: ownersUrl }: Pick<TestDatabase, 'sql' | 'url'>) {
  const login = `cli_${randomUUID().replaceAll('-', '')}`;
  await sql.unsafe(`create role ${login} login password '${login}' in role sluice_cli`);
  const url = new URL(ownersUrl);
  Object.assign(url, { username: login, password: login });
  return { url: url.href, drop: () => sql.unsafe(`drop role ${login}`) };
}
