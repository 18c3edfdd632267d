'use client';

import { useSyncExternalStore } from 'react';
import { useSplits } from '@/app/_queries/splits';
import type { Snapshot } from '@/lib/api/snapshot';

type FirstStep = 'providers' | 'watchdog' | 'traffic' | 'channel' | 'policy' | 'preflight' | 'start';

const never = () => () => {};

/** Where this page came from, so that a line can be pasted as it stands. */
function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => 'http://localhost:3000',
  );
}

/** What to paste into a shell for each step, at this address and for this split. */
export function useFirstLines({ slug }: Pick<Snapshot, 'slug'>): Readonly<Record<FirstStep, string>> {
  const origin = useOrigin();
  const split = useSplits().data?.splits.find((each) => each.slug === slug);
  const sluice = (line: string) => `npm run sluice -- ${line}${slug === 'gen' ? '' : ` --split ${slug}`}`;
  return {
    providers: 'npm run sluice -- doctor',
    watchdog: `curl -X POST ${origin}/api/cron/watchdog -H "authorization: Bearer $CRON_SECRET"`,
    traffic: requestLine(origin, slug, split?.kind ?? 'image', split?.prefixes[0]),
    channel: 'npm run sluice -- alerts add webhook "$WEBHOOK_URL"',
    policy: sluice('policy'),
    preflight: sluice('preflight'),
    start: sluice('advance'),
  };
}

function requestLine(origin: string, slug: string, kind: string, prefix: string | undefined): string {
  if (kind === 'relay') return `curl -s ${origin}${prefix ?? '/…'}/…`;
  const about = slug === 'gen' ? {} : { split: slug };
  const body = JSON.stringify({ ...about, prompt: 'a sluice at dawn' });
  const path = kind === 'job' ? '/api/jobs' : '/api/generate';
  return `curl -s ${origin}${path} -H 'content-type: application/json' -d '${body}'`;
}
