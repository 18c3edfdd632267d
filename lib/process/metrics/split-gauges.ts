import type { SplitItem } from '@/lib/api/splits-view';

/** So many slugs are labels of their own; what more there are is `other`, so that a scrape stays bounded. */
const mostNamed = 200;
export const other = 'other';

export interface SplitReadings {
  /** What there are, archived ones aside. */
  readonly stages: readonly { readonly split: string; readonly stage: string }[];
  readonly shares: Readonly<Record<string, number>>;
  /** 0 or 1 of a split with a label of its own; of the others, how many. */
  readonly paused: Readonly<Record<string, number>>;
  readonly rolledBack: Readonly<Record<string, number>>;
  readonly notJudged: Readonly<Record<string, number>>;
}

/** What is said of each split; of those without a label of their own only what can be counted. */
export function splitReadings(items: readonly SplitItem[]): SplitReadings {
  const live = items.filter(({ archived_at }) => archived_at === null);
  const named = live.slice(0, mostNamed);
  const rest = live.slice(mostNamed);
  const count = (is: (item: SplitItem) => boolean) => ({
    ...Object.fromEntries(named.map((item) => [item.slug, is(item) ? 1 : 0])),
    ...(rest.length > 0 ? { [other]: rest.filter(is).length } : {}),
  });
  return {
    stages: named.flatMap(({ slug, stage }) => (stage === null ? [] : [{ split: slug, stage }])),
    shares: Object.fromEntries(
      named.flatMap(({ slug, candidate_share: share }) => (share === null ? [] : [[slug, share]])),
    ),
    paused: count(({ paused }) => paused),
    rolledBack: count(({ rolled_back }) => rolled_back),
    notJudged: count(({ error }) => error !== null),
  };
}
