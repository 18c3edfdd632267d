import type { SplitItem } from '@/lib/api/splits-view';
import type { SplitLine } from '@/lib/control/splits/split-lines';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';

/** So many slugs are labels of their own; what more there are is `other`, so that a scrape stays bounded. */
export const mostNamed = 200;
export const other = 'other';

export interface SplitReadings {
  /** What there are, archived ones aside. */
  readonly stages: readonly { readonly split: string; readonly stage: string }[];
  readonly shares: Readonly<Record<string, number>>;
  /** 0 or 1 of a split with a label of its own; of the others, how many. */
  readonly paused: Readonly<Record<string, number>>;
  readonly rolledBack: Readonly<Record<string, number>>;
  readonly notJudged: Readonly<Record<string, number>>;
  /** Of each candidate of those with a label, as the last tick judged it. */
  readonly lines: readonly SplitLine[];
}

/** One split as this process routes it. */
export interface RoutedSplit {
  readonly split: string;
  readonly version: number | null;
  readonly arms: readonly {
    readonly arm: string;
    readonly provider: string;
    readonly share: number;
    /** Since the start of the process. */
    readonly assigned: number;
  }[];
}

/** What is said of each split; of those without a label of their own only what can be counted. */
export function splitReadings(items: readonly SplitItem[], lines: readonly SplitLine[]): SplitReadings {
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
    lines,
  };
}

type Routed = Pick<LiveSplit, 'slug' | 'arms' | 'assigned' | 'isArchived'> & {
  readonly weights: { readonly routing: { readonly version: number | null; readonly weights: Shares } } | null;
};
type Shares = Readonly<Record<string, number>>;

/** The first splits of this process that carry traffic or may; what has no policy routes nothing. */
export function routedSplits(splits: Iterable<Routed>): RoutedSplit[] {
  const routed: RoutedSplit[] = [];
  for (const { slug, arms, assigned, isArchived, weights } of splits) {
    if (routed.length === mostNamed) break;
    if (isArchived || weights === null) continue;
    const { version, weights: shares } = weights.routing;
    const known = [...arms.values()].map(({ name: arm, provider }) => ({
      ...{ arm, provider, share: shares[arm] ?? 0, assigned: assigned.get(arm) ?? 0 },
    }));
    routed.push({ split: slug, version, arms: known });
  }
  return routed;
}
