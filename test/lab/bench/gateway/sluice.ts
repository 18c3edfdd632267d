import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import { buildIfStale } from '@/scripts/build/build-if-stale';
import { startWebProcess, type WebProcess } from '@/test/support/web-process';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** The built front as `npm start` runs it, with nothing switched off, on the database and the upstream given. */
export async function startSluice(
  parts: { readonly sql: Sql; readonly databaseUrl: string; readonly upstream: string },
  more: Readonly<Record<string, string>> = {},
): Promise<WebProcess> {
  await buildIfStale(root, console.error);
  await parts.sql`
    insert into public.feature_flags (flag_key, flag_value, flag_value_text, description, created_at, updated_at)
    values ('GEN_PROVIDER_WEIGHTS', false, '{"fal":0.9,"runware":0.1}', 'bench', now(), now())
    on conflict (flag_key) do nothing`;
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const web = await startWebProcess(root, {
    DATABASE_URL: parts.databaseUrl,
    SLUICE_DATA_DIR: dataDir,
    FAL_KEY: 'bench-key-of-fal',
    FAL_BASE_URL: parts.upstream,
    RUNWARE_API_KEY: 'bench-key-of-runware',
    RUNWARE_BASE_URL: parts.upstream,
    ...more,
  });
  const stop = async () => {
    await web.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...web, stop };
}

/** A process that starts on a busy machine may listen a moment before it knows its relays, and their weights. */
export async function relayed({ url }: WebProcess, path: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { status } = await fetch(url + path);
    if (status !== 404 && status !== 503) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The process never learnt of the relay of ${path}.`);
}

export const sluiceHeaders = { 'content-type': 'application/json' };
export const sluiceBody = JSON.stringify({ prompt: 'a lighthouse', width: 1024, height: 1024, n: 1 });
