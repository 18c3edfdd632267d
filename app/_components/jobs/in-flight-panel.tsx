'use client';

import { useTranslations } from 'next-intl';
import { useInFlight } from '@/app/_queries/jobs';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { InFlight } from '@/lib/api/jobs-view';
import { useFormats } from '../format/use-formats';
import { Panel } from '../ui/panel';
import { SplitLink } from '../ui/split-link';
import { BlockedNote } from './blocked-note';
import { InFlightRow } from './in-flight-row';

const columns = ['arm', 'inFlight', 'oldest', 'accepted', 'ended'] as const;

/** What runs where, and the two outcomes apart: whether jobs are accepted, and how they end. */
export function InFlightPanel({ isLinked = false }: { readonly isLinked?: boolean }) {
  const t = useTranslations('jobs');
  const { duration } = useFormats();
  const snapshot = useSnapshot();
  const { data } = useInFlight();
  const known = snapshot?.arms ?? [];
  const names = known.map(({ name }) => name);
  // An arm that was removed may have jobs that run; its row comes last, where it pushes nothing down.
  const others = [...new Set(data?.in_flight.map(({ arm }) => arm))].filter((arm) => !names.includes(arm));
  const window = duration(data?.window_seconds ?? 3600);
  return (
    <Panel
      title={t('inFlight.title')}
      aside={
        isLinked ? (
          <SplitLink href="/jobs" className="text-link text-sm underline underline-offset-2">
            {t('inFlight.all')}
          </SplitLink>
        ) : (
          <span className="text-muted text-xs">{t('inFlight.hint', { window })}</span>
        )
      }
    >
      <table className="w-full text-sm max-md:block">
        <caption className="sr-only">{t('inFlight.hint', { window })}</caption>
        <thead className="max-md:sr-only">
          <tr className="text-left text-muted text-xs [&>th]:pr-3 [&>th]:pb-1 [&>th]:font-normal">
            {columns.map((name) => (
              <th key={name} scope="col">
                {t(`inFlight.${name}`, { window })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {[...names, ...others].map((arm) => (
            <InFlightRow
              key={arm}
              arm={arm}
              isDraining={(known.find(({ name }) => name === arm)?.share ?? 0) === 0}
              running={data?.in_flight.filter((each) => each.arm === arm) ?? null}
              lately={data?.lately.find((each) => each.arm === arm) ?? null}
            />
          ))}
        </tbody>
      </table>
      {blockedOf(data?.in_flight).map(({ provider, jobs, why }) => (
        <BlockedNote key={provider} provider={provider} jobs={jobs} why={why} />
      ))}
    </Panel>
  );
}

/** By provider: what blocks a job is the same for all that run there. */
function blockedOf(running: readonly InFlight[] | undefined) {
  const found = new Map<string, { provider: string; jobs: number; why: string }>();
  for (const { provider, blocked, why } of running ?? []) {
    if (blocked === 0) continue;
    const jobs = (found.get(provider)?.jobs ?? 0) + blocked;
    found.set(provider, { provider, jobs, why: why ?? '' });
  }
  return [...found.values()];
}
