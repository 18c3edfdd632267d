import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@/lib/postgres/connection';
import { isAlive } from '@/lib/postgres/embedded/pid-file';
import type { Settings } from '@/lib/postgres/embedded/settings';
import { type Embedded, startEmbedded } from '@/lib/postgres/embedded/start';
import { migrate } from '@/lib/postgres/migrate/migrate';
import type { Sql } from '@/lib/postgres/sql';
import { eventually } from './eventually';
import { freeze, killHard } from './freeze';

export interface OwnPostgres {
  /** The same over restarts. */
  readonly url: string;
  readonly sql: Sql;
  /** The postmaster's. */
  readonly pid: number;
  /** `kill -9` of the postmaster and all its children. */
  kill(): void;
  /** Stops the postmaster and its children; returns what thaws them. */
  freeze(): () => void;
  /** Starts it again on its port after a kill. */
  start(): Promise<void>;
  /** Killed, started again, and asked until it answers. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

const settings: Settings = { fsync: 'off', full_page_writes: 'off', max_connections: 60, shared_buffers: '32MB' };

/** A migrated Postgres of one's own, to be killed and frozen: the server that all tests share must not be. */
export async function ownPostgres(more: Settings = {}): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-own-'));
  // Run by root, Postgres is another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  const dir = join(folder, 'postgres');
  const first = await startEmbedded({ dir, settings: { ...settings, ...more } });
  const { url, port } = first;
  await migrate(url);
  const sql = connect(url, { name: 'test', max: 3, silenceMs: null });
  let server: Embedded = first;
  const own: OwnPostgres = {
    url,
    sql,
    get pid() {
      return server.pid;
    },
    kill: () => killHard(server.pid),
    freeze: () => freeze(server.pid),
    async start() {
      // A killed process lives on for a moment, and would be taken for a server that runs.
      await eventually(
        () => isAlive(server.pid),
        (alive) => !alive,
        10_000,
      );
      server = await startEmbedded({ dir, port, settings: { ...settings, ...more } });
    },
    async crash() {
      own.kill();
      await own.start();
      // What it says instead stands in the failure.
      await eventually(
        () => sql`select`.then(() => 'there', String),
        (said) => said === 'there',
        20_000,
        50,
      );
    },
    async close() {
      await sql.end({ timeout: 1 });
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  return own;
}
