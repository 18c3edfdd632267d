'use client';

import { useTranslations } from 'next-intl';
import { type SegmentedBy, segmentedBy } from '@/lib/api/segments-view';
import { inputLook } from '../ui/reason-field';

interface SegmentSwitchProps {
  readonly value: SegmentedBy | null;
  readonly onChange: (by: SegmentedBy | null) => void;
}

export function SegmentSwitch({ value, onChange }: SegmentSwitchProps) {
  const t = useTranslations('segments');
  return (
    <label className="flex items-center gap-1.5 text-muted text-sm">
      <span className="whitespace-nowrap">{t('by')}</span>
      <select
        value={value ?? ''}
        onChange={(event) => onChange(segmentedBy.find((each) => each === event.target.value) ?? null)}
        className={inputLook}
      >
        <option value="">{t('none')}</option>
        {segmentedBy.map((by) => (
          <option key={by} value={by}>
            {t(`name.${by}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
