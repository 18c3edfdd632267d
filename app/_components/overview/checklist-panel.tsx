'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { areSeveral, hasEnough, requestsOf } from '../state/candidates';
import { useStageName } from '../state/use-stage-name';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';

const looks = {
  ok: { icon: 'check', text: 'text-accent' },
  waiting: { icon: 'clock', text: 'text-muted' },
  failing: { icon: 'alert', text: 'text-breach' },
} as const;

type Item = Snapshot['checklist'][number];

/** The plan's own checklist of this stage, with the system's tick on each line. */
export function ChecklistPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('checklist');
  const stageName = useStageName();
  const several = areSeveral(snapshot);
  // Nothing crosses these lines, and yet there is too little to tick them.
  const missingOf = ({ id, arm = snapshot.candidate }: Item): number => {
    const isClear = snapshot.red_lines.some(
      (line) => line.metric === id && line.arm === arm && line.verdict === 'ok' && !hasEnough(snapshot, arm),
    );
    return isClear ? snapshot.observation.needed_requests - requestsOf(snapshot, arm) : 0;
  };
  const nameOf = ({ id, arm }: Item): string => {
    if (several && id === 'providers_well') return t('everyProvider');
    return arm === undefined ? t(`item.${id}`) : `${arm}: ${t(`item.${id}`)}`;
  };
  const done = snapshot.checklist.filter(({ state }) => state === 'ok').length;
  return (
    <Panel
      title={t('title', { stage: stageName(snapshot.stage) })}
      aside={<span className="text-muted text-xs">{t('done', { done, all: snapshot.checklist.length })}</span>}
    >
      <ul className="text-sm">
        {snapshot.checklist.map((item) => (
          <li key={`${item.arm} ${item.id}`} className="flex gap-2 border-t py-[3px] first:border-t-0">
            <Icon name={looks[item.state].icon} className={classes('mt-0.5 size-3.5', looks[item.state].text)} />
            <span className="min-w-0 flex-1" title={item.detail}>
              {nameOf(item)}
            </span>
            <span className={classes('text-xs leading-[18px]', looks[item.state].text)}>
              {item.state === 'waiting' && missingOf(item) > 0
                ? t('more', { count: missingOf(item) })
                : t(`state.${item.state}`)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
