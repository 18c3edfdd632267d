'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Snapshot } from '@/lib/api/snapshot';
import { formatInstant } from '../../format/instant';
import { useFormats } from '../../format/use-formats';
import { SplitLink } from '../../ui/split-link';
import { useMarkSentence } from './story-rail';

interface Told {
  readonly key: string;
  readonly at: string;
  readonly text: string;
  readonly href: string | null;
}

/** What the picture shows, in words, newest first; made only when it is opened. */
export function StoryList({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('story');
  const [open, setOpen] = useState(false);
  if (snapshot.story.attempts.length === 0) return null;
  return (
    <details className="text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-block min-h-6 py-1 text-muted underline underline-offset-2">{t('asList')}</summary>
      {open && <Words snapshot={snapshot} />}
    </details>
  );
}

function Words({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('story');
  const tMetric = useTranslations('metric');
  const sentence = useMarkSentence();
  const { locale } = useFormats();
  const instant = (at: string) => formatInstant(at, Date.parse(snapshot.now), locale, undefined);
  const { attempts, breaches } = snapshot.story;
  const marks = attempts
    .flatMap((attempt) => attempt.marks)
    .map((mark): Told => {
      const { journal_id: id, at } = mark;
      return { key: `mark ${id}`, at, text: sentence(mark), href: `/journal/${id}` };
    });
  const over = breaches.map(({ arm, metric, from, to }): Told => {
    const words = { from: instant(from), to: to === null ? '' : instant(to), metric: tMetric(metric), arm: arm ?? '' };
    return {
      key: `${arm} ${metric} ${from}`,
      at: from,
      text: t(to === null ? 'isOver' : 'wasOver', words),
      href: null,
    };
  });
  const all = [...marks, ...over].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return (
    <ul className="mt-1 grid gap-0.5">
      {all.map(({ key, text, href }) => (
        <li key={key} className="flex min-h-6 items-center">
          {href === null ? (
            <span className="text-breach">{text}</span>
          ) : (
            <SplitLink href={href} className="underline-offset-2 hover:underline">
              {text}
            </SplitLink>
          )}
        </li>
      ))}
    </ul>
  );
}
