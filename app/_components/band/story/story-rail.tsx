'use client';

import { useTranslations } from 'next-intl';
import { useServerNowMs } from '@/app/_queries/server-now';
import type { StoryMark } from '@/lib/api/story';
import { formatInstant } from '../../format/instant';
import { useFormats } from '../../format/use-formats';
import { useVerbName } from '../../journal/use-verb-name';
import { verbTone } from '../../state/journal';
import { useStageName } from '../../state/use-stage-name';
import { classes } from '../../ui/classes';
import { Icon, type IconName } from '../../ui/icon';
import { SplitLink } from '../../ui/split-link';
import { type StoryShape, width } from './story-shape';

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

/** Who did what and when, under the area; each leads to its row of the journal. */
export function StoryRail({ marks }: Pick<StoryShape, 'marks'>) {
  const sentence = useMarkSentence();
  return (
    <ul className="relative h-6">
      {marks.map(({ x, marks: together }) => {
        const last = together.at(-1);
        if (last === undefined) return null;
        const words = together.map(sentence).join('\n');
        return (
          <li
            key={x}
            className="absolute top-0"
            style={{ left: `clamp(0px, calc(${(x / width) * 100}% - 12px), calc(100% - 24px))` }}
          >
            <SplitLink
              href={`/journal/${last.journal_id}`}
              title={words}
              className={classes(
                'relative grid size-6 place-items-center rounded-control hover:bg-sunken',
                tones[verbTone(last.verb)],
              )}
            >
              <Icon name={icons[last.verb] ?? 'dot'} className="size-3.5" />
              <span className="sr-only">{words}</span>
              {together.length > 1 && (
                <span className="absolute -top-0.5 right-0 text-[10px] leading-none">{together.length}</span>
              )}
            </SplitLink>
          </li>
        );
      })}
    </ul>
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
