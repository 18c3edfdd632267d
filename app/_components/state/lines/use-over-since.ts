'use client';

import { useFreshness, useServerNowMs } from '@/app/_queries/server-now';
import type { RedLineView } from '@/lib/api/snapshot';
import { formatInstant } from '../../format/instant';
import { useFormats } from '../../format/use-formats';
import { overSince } from './over-since';

/** In words; the clock stands with data that is stale. */
export function useOverSince(
  now: string,
): (line: RedLineView) => { readonly since: string | null; readonly held: string } {
  const { duration, locale } = useFormats();
  const { isStale } = useFreshness();
  const judgedMs = Date.parse(now);
  const liveMs = useServerNowMs() ?? judgedMs;
  return (line) => {
    const { at, seconds } = overSince(line, judgedMs, isStale ? judgedMs : liveMs);
    return { since: at === null ? null : formatInstant(at, judgedMs, locale, undefined), held: duration(seconds) };
  };
}
