import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@/lib/postgres/connection';
import { freePort } from '@/lib/postgres/embedded/free-port';
import type { Settings } from '@/lib/postgres/embedded/settings';
import { type Embedded, startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { eventually } from './eventually';
import { killHard } from './freeze';

export interface PostgresPair {
  /** Both hosts, as `DATABASE_URL` names them: the first primary first. */
  readonly url: string;
  /** Connections to one server alone, whatever its role. */
  readonly primary: Sql;
  readonly standby: Sql;
  killPrimary(): void;
  /** Makes the standby the primary; it takes writes when this resolves. */
  promote(): Promise<void>;
  /** Starts the killed server again, as the primary it believes to be. */
  reviveOld(): Promise<void>;
  close(): Promise<void>;
}

const settings: Settings = {
  ...{ fsync: 'off', full_page_writes: 'on', max_connections: 60, shared_buffers: '32MB' },
  ...{ wal_level: 'replica', max_wal_senders: 4, wal_keep_size: '256MB', hot_standby: 'on' },
};

/**
 * A migrated primary and its streaming standby. `isSynchronous`: a commit is acknowledged when the standby has it.
 * There is no pg_basebackup among the binaries from npm: the copy is taken between pg_backup_start and pg_backup_stop.
 */
export async function postgresPair({ isSynchronous }: { isSynchronous: boolean }): Promise<PostgresPair> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pair-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const first = { dir: join(folder, 'first'), port: await freePort(), settings };
  const servers: Embedded[] = [await startEmbedded(first)];
  const [old] = servers as [Embedded];
  await migrate(old.url);
  const primary = open(old.url);
  const second = { dir: join(folder, 'second'), port: await freePort() };
  await copyCluster(old, second.dir);
  const follow = { ...settings, primary_conninfo: conninfo(old.url), recovery_target_timeline: 'latest' };
  const follower = await startEmbedded({ ...second, settings: follow });
  servers.push(follower);
  const standby = open(follower.url);
  await eventually(() => replicating(primary), Boolean, 15_000);
  if (isSynchronous) {
    await primary`alter system set synchronous_standby_names = '*'`;
    await primary`select pg_reload_conf()`;
    await eventually(() => replicating(primary, 'sync'), Boolean, 15_000);
  }
  const hosts = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
  return {
    url: `${old.url.replace(`127.0.0.1:${first.port}`, hosts)}?target_session_attrs=read-write`,
    primary,
    standby,
    killPrimary: () => killHard(old.pid),
    promote: async () => void (await standby`select pg_promote(true, 20)`),
    reviveOld: async () => void servers.push(await startEmbedded(first)),
    async close() {
      await Promise.all([primary, standby].map((sql) => sql.end({ timeout: 0 })));
      for (const server of servers.reverse()) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const open = (url: string) => connect(url, { name: 'pair test', max: 3, silenceMs: null });

async function replicating(primary: Sql, syncState?: string): Promise<boolean> {
  const rows = await primary<{ sync_state: string }[]>`
    select sync_state from pg_stat_replication where state = 'streaming'`;
  return rows.some((row) => syncState === undefined || row.sync_state === syncState);
}

async function copyCluster({ url, dir }: Embedded, to: string): Promise<void> {
  // The backup lasts as long as its session.
  const session = connect(url, { name: 'pair backup', max: 1, silenceMs: null });
  try {
    await session`select pg_backup_start('standby', true)`;
    // As it is, owners included; the server goes on writing meanwhile.
    execFileSync('cp', ['-a', dir, to]);
    const [label] = await session<{ labelfile: string }[]>`select labelfile from pg_backup_stop(false)`;
    for (const name of ['postmaster.pid', 'postmaster.opts', 'sluice.owner', 'server.log']) {
      rmSync(join(to, name), { force: true });
    }
    for (const [name, text] of [
      ['backup_label', label?.labelfile ?? ''],
      ['standby.signal', ''],
    ] as const) {
      writeFileSync(join(to, name), text);
      execFileSync('chown', [`--reference=${to}`, join(to, name)]);
    }
  } finally {
    await session.end({ timeout: 1 });
  }
}

function conninfo(url: string): string {
  const { hostname, port, username, password } = new URL(url);
  return `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`;
}
