'use client';

import { useTranslations } from 'next-intl';
import type { PolicyView } from '@/app/_queries/policy';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { PolicyChanges } from './policy-changes';

interface SavedMeanwhileProps {
  /** What the draft began with. */
  readonly was: PolicyWire;
  readonly latest: PolicyView;
  readonly onKeep: () => void;
  readonly onDrop: () => void;
}

/** Another operator saved while this one wrote: what they changed, and whose policy the draft goes on from. */
export function SavedMeanwhile({ was, latest, onKeep, onDrop }: SavedMeanwhileProps) {
  const t = useTranslations('policy.meanwhile');
  return (
    <div role="status" className="grid gap-2 rounded-control border border-caution bg-caution-soft p-3 text-sm">
      <p className="flex items-center gap-2 font-semibold text-caution">
        <Icon name="alert" />
        {t('title', { version: latest.version })}
      </p>
      <PolicyChanges was={was} becomes={latest.policy} />
      <p>{t('hint')}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={onKeep}>{t('keep')}</Button>
        <Button onClick={onDrop}>{t('drop', { version: latest.version })}</Button>
      </div>
    </div>
  );
}
