'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import type { Blocker } from '@/lib/rule/blocker';
import { isCrossed } from '@/lib/rule/hold';
import { useFormats } from '../format/use-formats';
import { useOverSince } from '../state/lines/use-over-since';
import { useLineName } from '../state/use-line-name';
import { useBlockerSentence } from './use-blocker-sentence';

/** What a closed gate says: of a line that is over, what it is at now; of what comes by itself, when. `named`: alone. */
export function useGateSentence(snapshot: Snapshot): (blocker: Blocker, named?: boolean) => string {
  const t = useTranslations('checklist');
  const tBlocker = useTranslations('blocker');
  const { duration, metric } = useFormats();
  const lineName = useLineName(snapshot);
  const sentence = useBlockerSentence();
  const overFor = useOverSince(snapshot.now);
  return (blocker, named = false) => {
    const { code, params } = blocker;
    if (code === 'not_seen_by_all') return tBlocker('opens');
    const arm = params.arm ?? snapshot.candidate;
    const line = snapshot.red_lines.find((each) => each.metric === params.metric && each.arm === arm);
    if (code !== 'line_not_ok' || line === undefined || !isCrossed(line)) return sentence(blocker);
    const said = { value: metric(line.metric, line.value), limit: metric(line.metric, line.limit) };
    const { since } = overFor(line);
    const over =
      since === null ? t('overLong', { ...said, hold: duration(line.hold_seconds) }) : t('over', { ...said, since });
    return named ? `${lineName(line)} ${over}` : over;
  };
}
