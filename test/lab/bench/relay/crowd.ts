import { randomUUID } from 'node:crypto';
import type { Sql } from '@/lib/postgres/sql';
import type { Started } from '../child-process';
import { relayed, startSluice } from '../gateway/sluice';
import { withScratchDatabase } from '../scratch-database';
import { addRelay, addRelaySplit, at } from './side';

export const crowdOf = { jobs: 10_000, prefixes: 500 } as const;
const atOnce = 1000;

/** A second Sluice over a database of its own, in which many jobs wait and many prefixes are registered. */
export function withCrowd<T>(
  vendor: Started,
  keys: Readonly<Record<string, string>>,
  work: (crowded: Awaited<ReturnType<typeof startSluice>>) => Promise<T>,
): Promise<T> {
  return withScratchDatabase(async (sql, databaseUrl) => {
    const upstream = at(vendor.port);
    await addRelay(sql, 'acme', upstream, 'generic');
    await addRelay(sql, 'video', upstream, 'runway');
    for (let n = 2; n < crowdOf.prefixes; n++) await addRelaySplit(sql, `more-${n}`, 'acme', false);
    await addIdleJobs(sql, upstream);
    const crowded = await startSluice({ sql, databaseUrl, upstream }, keys);
    try {
      for (const slug of ['acme', 'video', `more-${crowdOf.prefixes - 1}`]) await relayed(crowded, `/${slug}/v1/ready`);
      return await work(crowded);
    } finally {
      await crowded.stop();
    }
  });
}

/** They run, are asked for by nobody, and are looked at long after the bench. */
async function addIdleJobs(sql: Sql, upstream: string): Promise<void> {
  for (let n = 0; n < crowdOf.jobs; n += atOnce) {
    const ids = Array.from({ length: atOnce }, () => randomUUID());
    await sql`
      insert into sluice.jobs (id, split, door, caller, request_id, arm, assigned, provider, adapter, key_version,
        base_url, model, provider_model, due_at)
      select v::uuid, 'VIDEO_WEIGHTS', 'relay', 'anyone', v, 'old', 'old', 'video-old', 'relay', 0, ${upstream}, 'gen4',
        'gen4', now() + interval '1 hour'
      from jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb) v`;
  }
  await sql`
    update sluice.jobs j set state = 'accepted', upstream_id = 'idle-' || j.id, upstream = '{"prefix":"/video"}',
      accepted_at = now()`;
  await sql`analyze sluice.jobs`;
}
