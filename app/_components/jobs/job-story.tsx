'use client';

import { useTranslations } from 'next-intl';
import type { JobDetail } from '@/lib/api/jobs-view';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { isJobState } from '../state/job-look';
import { type Chapter, storyOf } from '../state/job-story';
import { Instant } from '../ui/instant';
import { StoryList } from '../ui/story-list';

/** What happened, in the order in which it did, each with how long after the creation. */
export function JobStory({ job }: { readonly job: JobDetail }) {
  return (
    <StoryList
      items={storyOf(job).map((chapter, at) => ({
        key: `${chapter.what} ${chapter.at ?? at}`,
        ...{ tone: chapter.tone, icon: chapter.icon, text: <ChapterText chapter={chapter} job={job} /> },
      }))}
    />
  );
}

function ChapterText({ chapter, job }: { readonly chapter: Chapter; readonly job: JobDetail }) {
  const t = useTranslations('jobs');
  const { duration } = useFormats();
  const sentence = useSentence(job);
  const after = chapter.at === null ? null : (Date.parse(chapter.at) - Date.parse(job.created_at)) / 1000;
  return (
    <>
      <p>
        <span className="font-medium">{sentence(chapter)}</span>{' '}
        <span className="text-muted text-xs">
          {chapter.at !== null && <Instant at={chapter.at} utc="beside" />}
          {after !== null && after >= 1 && <> · {t('story.after', { duration: duration(after) })}</>}
        </span>
      </p>
      {chapter.detail && (
        <p className="text-muted text-xs break-words">
          <Said text={chapter.detail} />
        </p>
      )}
    </>
  );
}

function useSentence(job: JobDetail): (chapter: Chapter) => string {
  const t = useTranslations('jobs');
  const { duration, ms, usd } = useFormats();
  const looks = () => {
    const { polls, misses, due_in_seconds: due } = job;
    const next = due === null ? '' : due > 0 ? t('story.nextLook', { duration: duration(due) }) : t('story.dueNow');
    const taught = misses > 0 ? t('story.taughtNothing', { n: misses }) : '';
    return [t('story.looked_at', { n: polls }), taught, next].filter(Boolean).join(' ');
  };
  return ({ what, provider = '', latencyMs = null }) => {
    if (what === 'looked_at') return looks();
    if (what === 'tried' || what === 'tried_in_vain') return t(`story.${what}`, { provider, latency: ms(latencyMs) });
    if (what === 'accepted' && latencyMs !== null)
      return t('story.acceptedIn', { provider: job.provider, latency: ms(latencyMs) });
    if (what === 'accepted') return t('story.accepted', { provider: job.provider });
    if (what === 'settled')
      return t('story.settled', {
        ...{ polls: job.polls, cost: usd(job.cost_usd) },
        charged: t(job.charged === 'yes' || job.charged === 'no' ? `charged.${job.charged}` : 'charged.unknown'),
      });
    if (what === 'ended') return isJobState(job.state) ? t(`ends.${endWord(job.state)}`) : job.state;
    return t(`story.${what}`);
  };
}

type EndWord = 'completed' | 'failed' | 'expired' | 'cancelled' | 'refused' | 'unknown_final';
const endWord = (state: string) => state as EndWord;
