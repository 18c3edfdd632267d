import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testDatabase } from '@/test/support/database';
import { addSplit } from '../gateway/splits/add-split';
import { orderVendor } from './order-vendor';

it('leaves a row that says where it may have gone, when its process is killed before the call', async () => {
  const database = await testDatabase();
  const vendor = await orderVendor();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
  try {
    await addSplit(database.sql, { key: 'FILM_WEIGHTS', slug: 'film', kind: 'job', weights: { old: 1, new: 0 } });
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/jobs/ordering-child.ts'], {
      env: {
        ...{ PATH: process.env.PATH, NODE_ENV: 'test', SLUICE_DATA_DIR: folder, DATABASE_URL: database.url },
        ...{ VENDOR_URL: vendor.url, FAL_KEY: 'id:secret-of-the-key', FAL_BASE_URL: vendor.url, SLUICE_SANDBOX: '1' },
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [, signal] = await once(child, 'exit');
    expect(signal, said).toBe('SIGKILL');
    const rows = await database.sql`select j.*, j.due_at > now() as is_waiting from sluice.jobs j`;
    expect(rows).toMatchObject([
      {
        ...{ state: 'attempting', arm: 'old', provider: 'fal', base_url: vendor.url, caller: 'ann', upstream_id: null },
        ...{ request_id: 'killed-1', is_waiting: true },
      },
    ]);
    expect(vendor.orders).toEqual([]);
    // Nobody knows yet that nothing was sent: what it may cost stays held.
    const entries = await database.sql`select l.kind, l.caller, l.charged from sluice.ledger l`;
    expect(entries).toEqual([{ kind: 'hold', caller: 'ann', charged: 'unknown' }]);
  } finally {
    await Promise.all([vendor.close(), database.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
});
