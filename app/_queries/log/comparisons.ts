'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  ComparisonChoice,
  ComparisonItem,
  ComparisonMade,
  ComparisonPrice,
  ComparisonsView,
} from '@/lib/api/comparisons-view';
import { type ApiProblem, callApi, writeApi } from '../api';
import { useSnapshot } from '../snapshot';
import { type SplitPlace, useSplitPlace } from '../split';

export interface AskedComparison {
  readonly prompt: string;
  readonly model?: string;
  readonly candidate?: string;
  readonly blind?: boolean;
}

/** As long as a request may take at both, and what is around it. */
const withinMs = 90_000;

/** Page and doors stand below a split alone, also for an address that names none. */
function useSlug(): string {
  const { slug } = useSplitPlace();
  const known = useSnapshot()?.slug;
  return slug ?? known ?? 'gen';
}
const useDoor = () => `/api/splits/${useSlug()}/comparisons`;
export const useCompareHref = () => `/s/${useSlug()}/compare`;

const priceKey = 'comparison-price';
const keyOf = ({ slug }: SplitPlace) => ['comparisons', slug] as const;

export function useComparisons() {
  const door = useDoor();
  return useQuery<ComparisonsView, ApiProblem>({
    queryKey: keyOf(useSplitPlace()),
    queryFn: ({ signal }) => callApi(door, { signal }),
  });
}

/** What it would cost; null: nothing is asked for yet. */
export function useComparisonPrice(asked: AskedComparison | null) {
  const door = useDoor();
  return useQuery<ComparisonPrice, ApiProblem>({
    queryKey: [priceKey, door, asked?.model ?? '', asked?.candidate ?? ''],
    queryFn: ({ signal }) => {
      const init = { method: 'POST', signal, headers: { 'content-type': 'application/json' } };
      return callApi(door, { ...init, body: JSON.stringify({ ...asked, prompt: 'x', dry_run: true }) });
    },
    enabled: asked !== null,
    retry: false,
  });
}

export function useCompare() {
  const client = useQueryClient();
  const key = keyOf(useSplitPlace());
  const door = useDoor();
  return useMutation<ComparisonMade, ApiProblem, AskedComparison>({
    mutationFn: (asked) => writeApi('POST', door, asked, undefined, withinMs),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: key });
      // What was paid says what the next one costs.
      void client.invalidateQueries({ queryKey: [priceKey] });
    },
  });
}

export function useVote() {
  const client = useQueryClient();
  const key = keyOf(useSplitPlace());
  const door = useDoor();
  return useMutation<
    ComparisonItem,
    ApiProblem,
    { readonly id: number; readonly choice: ComparisonChoice; readonly reason: string }
  >({
    mutationFn: ({ id, ...vote }) => writeApi('POST', `${door}/${id}/vote`, vote),
    onSettled: () => void client.invalidateQueries({ queryKey: key }),
  });
}
