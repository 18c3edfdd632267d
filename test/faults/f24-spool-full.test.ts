import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EventQueue } from '@/lib/log/event-queue';
import { openSpool } from '@/lib/log/spool/spool';
import { testDataPlane } from '../support/data-plane';
import { testDatabase } from '../support/database';
import { writeWeights } from '../support/rollout';
import { startTcpProxy } from '../support/tcp-proxy';
import { fault } from './fault';

const kilobytes = 768;

/** A disk of that size, where the kernel lets us have one; null where it does not. */
function smallDisk(): { folder: string; release(): void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-full-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    remove();
    return null;
  }
  return {
    folder,
    release() {
      execFileSync('umount', [folder]);
      remove();
    },
  };
}

const expected = 'requests unaffected; oldest analytics dropped and counted; decisions and journal never';

fault(
  'F24',
  {
    what: 'spool disk full',
    injected: `a tmpfs of ${kilobytes} kB as the data folder where mounting is allowed, store cut, 3,000 requests`,
    expected,
  },
  async (saw) => {
    const disk = smallDisk();
    if (disk === null) return saw('mounting is not allowed here: see the quota');
    const database = await testDatabase();
    const { sql } = database;
    await writeWeights(sql, { fal: 0.9, runware: 0.1 });
    const behind = new URL(database.url);
    const network = await startTcpProxy({ port: Number(behind.port) });
    behind.host = `127.0.0.1:${network.port}`;
    const plane = await testDataPlane({ env: { DATABASE_URL: behind.toString() }, folder: disk.folder });
    const { events } = plane.runtime.dataPlane;
    network.accept = 'reset';
    network.reset();
    const total = 3000;
    for (let n = 0; n < total; n += 30) {
      const send = (m: number) =>
        plane.post('/api/generate', { prompt: 'x' }, { 'x-request-id': `disk-full-${String(n + m).padStart(6, '0')}` });
      const statuses = await Promise.all(Array.from({ length: 30 }, (_, m) => send(m)));
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([200]));
    }
    await events.flush();
    const { dropped } = events;
    expect(dropped).toBeGreaterThan(0);
    const health = await (await fetch(`${plane.url}/api/health`)).json();
    expect(health.events.dropped).toBe(dropped);
    // Decisions do not pass through the spool: a rollback lands while it is full, and its chain is whole.
    await writeWeights(sql, { fal: 1, runware: 0 });
    const [{ n: faults } = { n: -1 }] = await sql<{ n: number }[]>`select count(*) as n from sluice.journal_faults()`;
    expect(faults).toBe(0);
    network.accept = 'pass';
    await expect.poll(() => events.depth(), { timeout: 15_000 }).toBe(0);
    await plane.close({ keepFolder: true });
    const rows = await sql<{ id: string; n: number }[]>`
      select event_data ->> 'request_id' as id, count(*) as n from analytics_logs where event_type = 'gen_ok'
      group by 1 order by 1`;
    expect(rows.every(({ n }) => n === 1)).toBe(true);
    const [all] = await sql<{ n: number }[]>`select count(*) as n from analytics_logs`;
    expect((all?.n ?? 0) + events.dropped).toBe(2 * total);
    // The newest are there, and what was given up is the oldest.
    expect(rows.at(-1)?.id).toBe(`disk-full-${String(total - 1).padStart(6, '0')}`);
    saw(
      `${total} of ${total} requests answered; ${events.dropped} of ${2 * total} events dropped and counted, the oldest`,
    );
    saw('a rollback written meanwhile is journaled and verifies');
    await network.close();
    await database.close();
    disk.release();
  },
);

fault(
  'F24',
  {
    what: 'spool full',
    injected: 'its quota at 200 kB instead of 256 MB, 20 batches of 100 events, store away',
    expected,
  },
  async (saw) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-quota-'));
    const monotonic = () => performance.now();
    const spool = openSpool({ folder, mostBytes: 200_000, now: Date.now, monotonic, run: 'quota' });
    const store = { isAway: true, taken: [] as number[] };
    let id = 0;
    const queue = new EventQueue({
      writer: {
        async writeBatch(_, batch) {
          if (store.isAway) throw new Error('away');
          store.taken.push(...batch.map(({ event_data }) => Number(event_data.n)));
        },
      },
      spool,
      monotonic,
      newId: () => `00000000-0000-0000-0000-${String(id++).padStart(12, '0')}`,
      within: (_, call) => call,
      soon: () => undefined,
      warn: () => undefined,
    });
    for (let batch = 0; batch < 20; batch += 1) {
      for (let n = 0; n < 100; n += 1) queue.record('gen_ok', { n: batch * 100 + n, filler: 'x'.repeat(100) });
      await queue.flush();
      expect(spool.depth().bytes).toBeLessThanOrEqual(200_000);
    }
    expect(queue.dropped).toBeGreaterThan(0);
    store.isAway = false;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await queue.flush();
    expect(store.taken.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 2000 - queue.dropped }, (_, n) => n + queue.dropped),
    );
    rmSync(folder, { recursive: true, force: true });
    saw(
      `never over 200 kB; ${queue.dropped} oldest of 2,000 dropped and counted, the other ${store.taken.length} stored once`,
    );
  },
);
