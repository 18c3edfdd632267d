'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { isEnough } from '../state/condition';
import { useStageName } from '../state/use-stage-name';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';

const looks = {
  ok: { icon: 'check', text: 'text-accent' },
  waiting: { icon: 'clock', text: 'text-muted' },
  failing: { icon: 'alert', text: 'text-breach' },
} as const;

/** The plan's own checklist of this stage, with the system's tick on each line. */
export function ChecklistPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('checklist');
  const stageName = useStageName();
  const { requests, needed_requests: needed } = snapshot.observation;
  // Nothing crosses these lines, and yet there is too little to tick them.
  const early = new Set<string>(
    isEnough(snapshot) ? [] : snapshot.red_lines.filter(({ verdict }) => verdict === 'ok').map(({ metric }) => metric),
  );
  const done = snapshot.checklist.filter(({ state }) => state === 'ok').length;
  return (
    <Panel
      title={t('title', { stage: stageName(snapshot.stage) })}
      aside={<span className="text-muted text-xs">{t('done', { done, all: snapshot.checklist.length })}</span>}
    >
      <ul className="text-sm">
        {snapshot.checklist.map((item) => (
          <li key={item.id} className="flex gap-2 border-t py-[3px] first:border-t-0">
            <Icon name={looks[item.state].icon} className={classes('mt-0.5 size-3.5', looks[item.state].text)} />
            <span className="min-w-0 flex-1" title={item.detail}>
              {t(`item.${item.id}`)}
            </span>
            <span className={classes('text-xs leading-[18px]', looks[item.state].text)}>
              {item.state === 'waiting' && early.has(item.id)
                ? t('more', { count: needed - requests })
                : t(`state.${item.state}`)}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
