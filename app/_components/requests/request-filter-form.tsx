'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { noFilter, type RequestFilter } from '@/app/_queries/log/requests';
import { useSnapshot } from '@/app/_queries/snapshot';
import { requestOutcomes } from '@/lib/api/requests-view';
import { FilterField, FilterForm, FilterSelect } from '../lists/filter-form';
import { inputLook } from '../ui/reason-field';

interface RequestFilterFormProps {
  readonly filter: RequestFilter;
  readonly onChange: (filter: RequestFilter) => void;
}

const texts = ['model', 'caller', 'user'] as const;

export function RequestFilterForm({ filter, onChange }: RequestFilterFormProps) {
  const t = useTranslations('requests');
  const [draft, setDraft] = useState(filter);
  const known = useSnapshot()?.arms.map(({ name }) => name) ?? [];
  // One that is gone may still have requests.
  const arms = filter.arm === '' || known.includes(filter.arm) ? known : [...known, filter.arm];
  const write = (change: Partial<RequestFilter>) => setDraft({ ...draft, ...change });
  const choose = (change: Partial<RequestFilter>) => {
    write(change);
    onChange({ ...draft, ...change });
  };
  const text = (name: (typeof texts)[number] | 'kind') => (
    <FilterField key={name} label={t(`filter.${name}`)}>
      <input
        type="search"
        maxLength={200}
        value={draft[name]}
        onChange={(event) => write({ [name]: event.target.value })}
        className={inputLook}
      />
    </FilterField>
  );
  const time = (name: 'from' | 'to') => (
    <FilterField label={t(`filter.${name}`)}>
      <input
        type="datetime-local"
        step={1}
        value={draft[name].slice(0, 19)}
        onChange={(event) => write({ [name]: instantOf(event.target.value) })}
        className={inputLook}
      />
    </FilterField>
  );
  return (
    <FilterForm
      columns="md:grid-cols-[1fr_1fr_1fr_1fr_auto]"
      apply={t('filter.apply')}
      clear={t('filter.clear')}
      onApply={() => onChange(trimmed(draft))}
      onClear={() => {
        setDraft(noFilter);
        onChange(noFilter);
      }}
      more={
        <details open={hasMore(filter)}>
          <summary className="inline-block min-h-7 cursor-pointer py-1 text-muted text-xs underline underline-offset-2">
            {t('filter.more')}
          </summary>
          <div className="mt-1 grid grid-cols-1 gap-2 min-[420px]:grid-cols-2 md:grid-cols-5">
            {time('from')}
            {time('to')}
            {texts.map(text)}
          </div>
        </details>
      }
    >
      <FilterSelect
        label={t('filter.outcome')}
        all={t('filter.all')}
        value={draft.outcome}
        options={requestOutcomes.map((outcome) => ({ value: outcome, name: t(`outcome.${outcome}`) }))}
        onChange={(outcome) => choose({ outcome })}
      />
      <FilterSelect
        label={t('filter.arm')}
        all={t('filter.all')}
        value={draft.arm}
        options={arms.map((arm) => ({ value: arm, name: arm }))}
        onChange={(arm) => choose({ arm })}
      />
      {text('kind')}
      <FilterField label={t('filter.min_ms')}>
        <input
          type="number"
          min={0}
          max={3_600_000}
          value={draft.min_ms}
          onChange={(event) => write({ min_ms: event.target.value })}
          className={inputLook}
        />
      </FilterField>
    </FilterForm>
  );
}

const hasMore = ({ from, to, model, caller, user }: RequestFilter) => [from, to, model, caller, user].some(Boolean);

/** The hours of the filter are UTC, as the label says: a link means the same to everyone who opens it. */
function instantOf(local: string): string {
  const at = new Date(`${local}Z`);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}

function trimmed(filter: RequestFilter): RequestFilter {
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, value.trim()])) as RequestFilter;
}
