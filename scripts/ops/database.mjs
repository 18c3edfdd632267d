import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const notSettings = [
  ...['pgbouncer', 'connection_limit', 'pool_timeout', 'channel_binding', 'gssencmode'],
  ...['target_session_attrs', 'load_balance_hosts'],
];
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

/** A connection to the host that can be written to; of several that can, to the one promoted last. */
export async function connect(url) {
  const alone = oneHostEach(url);
  if (alone.length === 1) return open(alone[0]);
  const answers = await Promise.all(alone.map((each) => ask(each)));
  const best = answers.filter(({ fault }) => fault === undefined).sort((a, b) => (a.timeline < b.timeline ? 1 : -1))[0];
  if (best) return open(best.url);
  const faults = answers.map(({ fault }) => fault).join('; ');
  throw Object.assign(new Error(`no host of the database can be written to: ${faults}`), { code: 'ECONNREFUSED' });
}

async function ask(url) {
  const sql = open(url);
  try {
    const [{ standby, ro, timeline }] = await within(
      2000,
      sql`select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as ro,
        case when not pg_is_in_recovery() then left(pg_walfile_name(pg_current_wal_lsn()), 8) end as timeline`,
    );
    return standby || ro ? { url, fault: standby ? 'one is a standby' : 'one is read-only' } : { url, timeline };
  } catch (error) {
    return { url, fault: error.message || error.code };
  } finally {
    sql.end({ timeout: 0 }).catch(() => {});
  }
}

/** `postgres://u:p@h1,h2/db` as one URL for each host. */
function oneHostEach(url) {
  const [base, query = ''] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  for (const name of notSettings) parameters.delete(name);
  const rest = parameters.toString();
  const start = base.includes('@') ? base.lastIndexOf('@') + 1 : base.indexOf('://') + 3;
  const hosts = base.slice(start).split('/')[0];
  const after = base.slice(start + hosts.length) + (rest === '' ? '' : `?${rest}`);
  return hosts.split(',').map((host) => base.slice(0, start) + host + after);
}

function open(url) {
  return postgres(url, {
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
