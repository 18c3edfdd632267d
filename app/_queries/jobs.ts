'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { JobOutlookView } from '@/lib/api/answers/job-outlook';
import type { InFlightView, JobDetail, JobsView } from '@/lib/api/jobs-view';
import { judgedBy } from '@/lib/split/policy/metrics';
import { type ApiProblem, callApi, filledIn, writeApi } from './api';
import { useSnapshot } from './snapshot';
import { useSplitPlace } from './split';
import { useLiveSplits } from './splits';

export interface JobFilter {
  readonly state: string;
  readonly arm: string;
  readonly caller: string;
}

export const jobSearch = (filter: JobFilter): URLSearchParams => filledIn({ ...filter });

/** Whether the open split's work is answered later; undefined: not known yet. */
export function useHasJobs(): boolean | undefined {
  const { slug } = useSplitPlace();
  const snapshot = useSnapshot();
  const isListed = useLiveSplits().some((split) => split.slug === slug && split.kind === 'job');
  if (slug === null) return false;
  if (isListed) return true;
  return snapshot && judgedBy({ redLines: snapshot.red_lines }) === 'job';
}

export function useJobs(filter: JobFilter) {
  const place = useSplitPlace();
  return useInfiniteQuery<JobsView, ApiProblem, { pages: JobsView[] }, unknown[], string | null>({
    queryKey: ['jobs', place.slug, filter],
    queryFn: ({ signal, pageParam }) => {
      const search = jobSearch(filter);
      if (pageParam !== null) search.set('before', pageParam);
      return callApi<JobsView>(`${place.api('jobs')}?${search}`, { signal });
    },
    initialPageParam: null,
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
}

export function useInFlight() {
  const place = useSplitPlace();
  return useQuery<InFlightView, ApiProblem>({
    queryKey: ['in-flight', place.slug],
    queryFn: ({ signal }) => callApi<InFlightView>(place.api('in-flight'), { signal }),
    refetchInterval: 5_000,
  });
}

/** How the split's jobs went, by which the ends of others are foretold. */
export function useJobOutlook() {
  const place = useSplitPlace();
  return useQuery<JobOutlookView, ApiProblem>({
    queryKey: ['job-outlook', place.slug],
    queryFn: ({ signal }) => callApi<JobOutlookView>(place.api('job-outlook'), { signal }),
    refetchInterval: 60_000,
  });
}

export function useJob(id: string) {
  const place = useSplitPlace();
  return useQuery<JobDetail, ApiProblem>({
    queryKey: ['job', place.slug, id],
    queryFn: ({ signal }) => callApi<JobDetail>(place.api(`jobs/${encodeURIComponent(id)}`), { signal }),
    // What is found, settled and logged of it comes in the moments after its end.
    refetchInterval: ({ state }) => (state.error?.status === 404 ? false : 3_000),
  });
}

type JobVerb = { readonly verb: 'cancel' | 'poll'; readonly id: string } | { readonly provider: string };

/** What an operator asks of one job, or of all that run at a provider. */
export function useJobVerb() {
  const place = useSplitPlace();
  const client = useQueryClient();
  return useMutation<unknown, ApiProblem, JobVerb>({
    mutationFn: (asked) =>
      'provider' in asked
        ? writeApi('POST', place.api('in-flight/poll'), { provider: asked.provider })
        : writeApi('POST', place.api(`jobs/${asked.id}/${asked.verb}`), {}),
    onSettled: () => {
      for (const key of ['job', 'jobs', 'in-flight']) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
