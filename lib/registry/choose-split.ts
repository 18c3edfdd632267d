import type { Registry, SplitEntry, SplitKind } from './registry';

/** What a request says of its split. */
export interface SplitWish {
  readonly kind: SplitKind;
  /** By slug; null: it says nothing. */
  readonly slug: string | null;
  /** As the caller wrote it, and our alias of it. */
  readonly models: readonly string[];
}

export type ChosenSplit =
  | { readonly ok: true; readonly split: SplitEntry }
  | { readonly ok: false; readonly sentence: string };

const mostNamed = 20;
const mostKnown = 1000;

interface Glob {
  readonly split: SplitEntry;
  readonly pattern: string;
}

/** The longest pattern wins, and of equals the first slug. */
function longestFirst(a: Glob, b: Glob): number {
  return b.pattern.length - a.pattern.length || (a.split.slug < b.split.slug ? -1 : 1);
}

/** Finds the split of a request; made once for each registry, since every request asks. */
export function splitChooser({ splits }: Pick<Registry, 'splits'>, isReady: (key: string) => boolean) {
  const bySlug = new Map(splits.map((split) => [split.slug, split]));
  const live = splits.filter(({ archived }) => !archived);
  const globs = live.flatMap((split) => (split.match.models ?? []).map((pattern) => ({ split, pattern })));
  const defaults = new Map(live.filter(({ isDefault }) => isDefault).map((split) => [split.kind, split]));
  // A few models make nearly all requests: each is matched once.
  const known = new Map<string, readonly Glob[]>();
  const matching = (model: string): readonly Glob[] => {
    const found = known.get(model) ?? globs.filter(({ pattern }) => globMatches(pattern, model));
    if (known.size >= mostKnown) known.clear();
    known.set(model, found);
    return found;
  };
  // What is not ready yet takes no request that did not name it.
  const longestReady = ({ kind, models }: SplitWish): SplitEntry | undefined => {
    const fit = models.flatMap(matching).filter(({ split }) => split.kind === kind && isReady(split.key));
    return fit.length < 2 ? fit[0]?.split : fit.sort(longestFirst)[0]?.split;
  };
  return (wish: SplitWish): ChosenSplit => {
    if (wish.slug !== null) return named(bySlug.get(wish.slug), wish, live);
    const split = longestReady(wish) ?? defaults.get(wish.kind);
    if (split) return { ok: true, split };
    return {
      ok: false,
      sentence: `Name a split: no default one is set for kind ${wish.kind}. ${thereAre(wish, live)}`,
    };
  };
}

function named(split: SplitEntry | undefined, wish: SplitWish, live: readonly SplitEntry[]): ChosenSplit {
  if (!split) return { ok: false, sentence: `There is no split '${wish.slug}'. ${thereAre(wish, live)}` };
  if (split.archived) return { ok: false, sentence: `The split '${wish.slug}' is archived. ${thereAre(wish, live)}` };
  if (split.kind === wish.kind) return { ok: true, split };
  const sentence = `The split '${wish.slug}' is of kind ${split.kind}, and this is a request of kind ${wish.kind}.`;
  return { ok: false, sentence: `${sentence} ${thereAre(wish, live)}` };
}

function thereAre({ kind }: SplitWish, live: readonly SplitEntry[]): string {
  const slugs = live.filter((split) => split.kind === kind).map(({ slug }) => slug);
  const shown = slugs.sort().slice(0, mostNamed).join(', ');
  const more = slugs.length > mostNamed ? ` and ${slugs.length - mostNamed} more` : '';
  return slugs.length === 0 ? `There is none of kind ${kind}.` : `There are: ${shown}${more}.`;
}

/** `*` is any text, `?` one character; the rest is itself. Without a regular expression: no pattern can be slow. */
export function globMatches(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resumed = 0;
  let i = 0;
  while (i < text.length) {
    if (at < pattern.length && pattern[at] === '*') {
      star = at;
      resumed = i;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[i])) {
      at += 1;
      i += 1;
    } else if (star >= 0) {
      resumed += 1;
      i = resumed;
      at = star + 1;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
