import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const onlyLibpq = ['pgbouncer', 'connection_limit', 'pool_timeout', 'channel_binding', 'gssencmode'];
const away = /^(?:CONNECT_TIMEOUT|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENETUNREACH|CONNECTION_|57P0[1-3])/;

/** DATABASE_URL, or the database that `npm start` runs; null when neither is there. */
export function databaseUrl(env = process.env) {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  try {
    return readFileSync(join(resolve(root, env.SLUICE_DATA_DIR ?? '.data'), 'database-url'), 'utf8').trim();
  } catch {
    return null;
  }
}

export function connect(url) {
  const [base, query = ''] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  for (const name of onlyLibpq) parameters.delete(name);
  const rest = parameters.toString();
  return postgres(rest === '' ? base : `${base}?${rest}`, {
    max: 1,
    connect_timeout: 5,
    // Behind a transaction pooler a prepared statement hangs without an error.
    prepare: false,
    onnotice: () => {},
    connection: { application_name: 'sluice update-provider-weights' },
  });
}

export function isAway(error) {
  return error instanceof Error && away.test(String(error.code ?? ''));
}

/** A frozen server keeps no promise of its own: the wait ends on this side. */
export function within(milliseconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    const message = `the database did not answer within ${milliseconds / 1000} s`;
    timer = setTimeout(() => reject(Object.assign(new Error(message), { code: 'CONNECT_TIMEOUT' })), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
