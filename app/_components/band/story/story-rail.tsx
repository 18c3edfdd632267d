'use client';

import { useTranslations } from 'next-intl';
import { useLayoutEffect, useRef, useState } from 'react';
import { useServerNowMs } from '@/app/_queries/server-now';
import type { StoryMark } from '@/lib/api/story';
import { formatInstant } from '../../format/instant';
import { useFormats } from '../../format/use-formats';
import { useVerbName } from '../../journal/use-verb-name';
import { closeOnEscape } from '../../lists/close-on-escape';
import { verbTone } from '../../state/journal';
import { useStageName } from '../../state/use-stage-name';
import { classes } from '../../ui/classes';
import { Icon, type IconName } from '../../ui/icon';
import { SplitLink } from '../../ui/split-link';
import { gatherMarks, type ListPlace, listPlace } from './gather-marks';
import type { StoryShape } from './story-shape';

const icons: Readonly<Record<string, IconName>> = {
  advance: 'forward',
  rollback: 'back',
  pause: 'pause',
  resume: 'play',
  rearm: 'play',
  override: 'alert',
  sql: 'alert',
};
const tones = { breach: 'text-breach', caution: 'text-caution', well: 'text-good', unknown: 'text-muted' } as const;

/** Before it is measured: marks stand apart on a phone. */
const narrowPx = 200;

/** Who did what and when, under the area; each leads to its row of the journal. */
export function StoryRail({ marks }: Pick<StoryShape, 'marks'>) {
  const rail = useRef<HTMLUListElement>(null);
  const [railPx, setRailPx] = useState(narrowPx);
  useLayoutEffect(() => {
    if (rail.current === null) return;
    const seen = new ResizeObserver(([entry]) => entry && setRailPx(entry.contentRect.width));
    seen.observe(rail.current);
    return () => seen.disconnect();
  }, []);
  return (
    <ul ref={rail} className="relative h-6">
      {gatherMarks(marks, railPx).map(({ leftPx, marks: together }) => {
        const [mark] = together;
        if (mark === undefined) return null;
        return (
          <li key={mark.journal_id} className="absolute top-0" style={{ left: leftPx }}>
            {together.length === 1 ? <Mark mark={mark} /> : <Marks marks={together} list={listPlace(leftPx, railPx)} />}
          </li>
        );
      })}
    </ul>
  );
}

function Mark({ mark }: { readonly mark: StoryMark }) {
  const words = useMarkSentence()(mark);
  return (
    <SplitLink
      href={`/journal/${mark.journal_id}`}
      title={words}
      className={classes('grid size-6 place-items-center rounded-control hover:bg-sunken', tones[verbTone(mark.verb)])}
    >
      <Icon name={icons[mark.verb] ?? 'dot'} className="size-3.5" />
      <span className="sr-only">{words}</span>
    </SplitLink>
  );
}

interface MarksProps {
  readonly marks: readonly StoryMark[];
  readonly list: ListPlace;
}

/** Several in one place: how many, of what kinds, and all of them when it is opened. */
function Marks({ marks, list }: MarksProps) {
  const t = useTranslations('story');
  const sentence = useMarkSentence();
  const verbName = useVerbName();
  const kinds = [...new Set(marks.map(({ verb }) => verb))].map(
    (verb) => `${verbName(verb)} × ${marks.filter((mark) => mark.verb === verb).length}`,
  );
  return (
    <details className="relative" onKeyDown={closeOnEscape}>
      <summary
        title={marks.map(sentence).join('\n')}
        className="flex h-6 list-none items-center gap-0.5 rounded-full border border-line-strong px-1 font-semibold text-2xs text-muted hover:bg-sunken [&::-webkit-details-marker]:hidden"
      >
        {/* One of their signs would read as a state that lasts. */}
        <Icon name="dot" className="size-3" />
        <span aria-hidden="true">{marks.length}</span>
        <span className="sr-only">{t('marks', { count: marks.length })}</span>
        <span className="sr-only">{kinds.join(', ')}</span>
      </summary>
      <ul
        className="absolute bottom-full z-20 mb-1 rounded-panel border bg-surface p-2 text-xs shadow-float"
        style={{ left: list.leftPx, width: list.widthPx }}
      >
        {marks.toReversed().map((mark) => (
          <li key={mark.journal_id} className="flex min-h-6 items-center gap-1.5">
            <Icon
              name={icons[mark.verb] ?? 'dot'}
              className={classes('size-3.5 shrink-0', tones[verbTone(mark.verb)])}
            />
            <SplitLink href={`/journal/${mark.journal_id}`} className="underline-offset-2 hover:underline">
              {sentence(mark)}
            </SplitLink>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** "12:51:10 advance to D1 by operator:ann". */
export function useMarkSentence(): (mark: StoryMark) => string {
  const t = useTranslations('story');
  const verbName = useVerbName();
  const stageName = useStageName();
  const nowMs = useServerNowMs();
  const { locale } = useFormats();
  return ({ at, verb, by, stage }) =>
    t(stage === null ? 'mark' : 'markTo', {
      at: formatInstant(at, nowMs, locale, undefined),
      verb: verbName(verb),
      stage: stage === null ? '' : stageName(stage),
      by,
    });
}
