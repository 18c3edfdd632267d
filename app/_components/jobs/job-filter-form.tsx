'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JobFilter } from '@/app/_queries/jobs';
import { useSnapshot } from '@/app/_queries/snapshot';
import { FilterField, FilterForm, FilterSelect } from '../lists/filter-form';
import { jobStates } from '../state/job-look';
import { inputLook } from '../ui/reason-field';

const none: JobFilter = { state: '', arm: '', caller: '' };
const words = ['open', 'blocked'] as const;

interface JobFilterFormProps {
  readonly filter: JobFilter;
  readonly onChange: (filter: JobFilter) => void;
}

export function JobFilterForm({ filter, onChange }: JobFilterFormProps) {
  const t = useTranslations('jobs');
  const [caller, setCaller] = useState(filter.caller);
  const known = useSnapshot()?.arms.map(({ name }) => name) ?? [];
  // One that is gone may still have jobs.
  const arms = filter.arm === '' || known.includes(filter.arm) ? known : [...known, filter.arm];
  const states = [
    ...words.map((word) => ({ value: word, name: t(`filter.${word}`) })),
    ...jobStates.map((state) => ({ value: state, name: t(`state.${state}`) })),
  ];
  return (
    <FilterForm
      columns="md:grid-cols-[1fr_1fr_1fr_auto]"
      apply={t('filter.apply')}
      clear={t('filter.clear')}
      onApply={() => onChange({ ...filter, caller: caller.trim() })}
      onClear={() => {
        setCaller('');
        onChange(none);
      }}
    >
      <FilterSelect
        label={t('column.state')}
        all={t('filter.all')}
        value={filter.state}
        options={states}
        onChange={(state) => onChange({ ...filter, state })}
      />
      <FilterSelect
        label={t('column.arm')}
        all={t('filter.all')}
        value={filter.arm}
        options={arms.map((arm) => ({ value: arm, name: arm }))}
        onChange={(arm) => onChange({ ...filter, arm })}
      />
      <FilterField label={t('column.caller')} className="max-md:col-span-2">
        <input
          type="search"
          maxLength={128}
          value={caller}
          onChange={(event) => setCaller(event.target.value)}
          className={inputLook}
        />
      </FilterField>
    </FilterForm>
  );
}
