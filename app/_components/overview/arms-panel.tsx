'use client';

import { useTranslations } from 'next-intl';
import type { ArmView, Snapshot } from '@/lib/api/snapshot';
import { ArmRearmButton } from '../actions/arm-rearm-button';
import { ArmRollbackButton } from '../actions/arm-rollback-button';
import { useFormats } from '../format/use-formats';
import { areSeveral } from '../state/candidates';
import { useStageName } from '../state/use-stage-name';
import { Ago } from '../ui/ago';
import { ArmMark } from '../ui/arm-mark';
import { Badge } from '../ui/badge';
import { Panel } from '../ui/panel';

/** Each arm with its share, and the way back for one alone. With one candidate the page says all of this elsewhere. */
export function ArmsPanel({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('arms');
  if (!areSeveral(snapshot)) return null;
  return (
    <Panel title={t('title')} aside={<span className="text-muted text-xs">{t('hint')}</span>}>
      <ul className="text-sm">
        {snapshot.arms.map((arm) => (
          <ArmRow key={arm.name} arm={arm} snapshot={snapshot} />
        ))}
      </ul>
    </Panel>
  );
}

function ArmRow({ arm, snapshot }: { readonly arm: ArmView; readonly snapshot: Snapshot }) {
  const { percent } = useFormats();
  // Rolled back whole, the split is re-armed whole: by the banner above.
  const alone = arm.role === 'candidate' && snapshot.latched === null;
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-t py-1.5 first:border-t-0">
      <span className="min-w-32 flex-1">
        <span className="font-medium break-all">
          <ArmMark arm={arm.name} />
          {arm.name}
        </span>{' '}
        <span className="text-muted text-xs break-all">
          {arm.model === null ? arm.provider : `${arm.provider} · ${arm.model}`}
        </span>
      </span>
      <span className="w-14 text-right font-semibold">{percent(arm.share)}</span>
      <span className="min-w-32 sm:w-64">
        <ArmStanding arm={arm} />
      </span>
      <span className="flex justify-end max-sm:w-full sm:w-56">
        {alone && arm.latched !== null && <ArmRearmButton arm={arm.name} snapshot={snapshot} />}
        {alone && arm.latched === null && arm.share > 0 && <ArmRollbackButton arm={arm.name} />}
      </span>
    </li>
  );
}

function ArmStanding({ arm }: { readonly arm: ArmView }) {
  const t = useTranslations('arms');
  const stageName = useStageName();
  const { count } = useFormats();
  if (arm.role === 'baseline') return <span className="text-muted text-xs">{t('baseline')}</span>;
  if (arm.role === 'none') return <span className="text-muted text-xs">{t('unplanned')}</span>;
  if (arm.latched !== null)
    return (
      <>
        <Badge tone="breach" icon="back">
          {t('rolledBack')}
        </Badge>{' '}
        <span className="text-muted text-xs">
          <Ago at={arm.latched.at} /> · {arm.latched.by}
        </span>
      </>
    );
  if (arm.share === 0) return <span className="text-muted text-xs">{t('resting')}</span>;
  return (
    <span className="text-muted text-xs">
      {t('at', { stage: stageName(arm.stage ?? 'custom'), n: arm.requests, count: count(arm.requests) })}
    </span>
  );
}
