import { setTimeout as sleep } from 'node:timers/promises';
import { openJobs } from '@/lib/jobs/operate/open-jobs';
import { connect } from '@/lib/postgres/connection';
import type { Stage } from './open-stage';
import type { Say } from './telling';

interface Candidate {
  readonly arm: string;
  readonly provider: string;
  /** By the vendor's own books: how many it has begun. */
  readonly begun: () => number;
}

/** What runs at the candidate is asked for there until it has ended; nothing new goes there. */
export async function drain(
  { databaseUrl }: Pick<Stage, 'databaseUrl'>,
  { arm, provider, begun }: Candidate,
  { say, signal }: { readonly say: Say; readonly signal: AbortSignal },
): Promise<void> {
  const sql = connect(databaseUrl, { name: 'demo jobs', max: 1 });
  try {
    const before = begun();
    for (let second = 0; second < 180; second++) {
      const open = (await openJobs(sql, { provider })).reduce((sum, { jobs }) => sum + jobs, 0);
      if (second % 10 === 0)
        say(`  ${open} videos still run at ${arm} and are asked for there; ${begun() - before} new ones`);
      if (open === 0) return say('Drained: every video that the candidate had begun has come to its end there.');
      await sleep(1000, undefined, { signal });
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
  throw new Error('The jobs of the candidate did not end within three minutes.');
}
