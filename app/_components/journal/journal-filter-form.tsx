'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JournalFilter } from '@/app/_queries/journal';
import { FilterField, FilterForm, FilterSelect } from '../lists/filter-form';
import { inputLook } from '../ui/reason-field';

const none: JournalFilter = { text: '', actor: '', verb: '', flag: '', from: '', to: '' };

interface JournalFilterFormProps {
  readonly filter: JournalFilter;
  readonly onChange: (filter: JournalFilter) => void;
}

export function JournalFilterForm({ filter, onChange }: JournalFilterFormProps) {
  const t = useTranslations('journal');
  const verbs = Object.entries(t.raw('verb' as 'verb.advance') as Readonly<Record<string, string>>);
  const [text, setText] = useState(filter.text);
  const [actor, setActor] = useState(filter.actor);
  return (
    <FilterForm
      columns="md:grid-cols-[2fr_1fr_1fr_1fr_1fr_auto]"
      apply={t('filter.apply')}
      clear={t('filter.clear')}
      onApply={() => onChange({ ...filter, text: text.trim(), actor: actor.trim() })}
      onClear={() => {
        setText('');
        setActor('');
        onChange(none);
      }}
    >
      <FilterField label={t('filter.text')} className="col-span-2 md:col-span-1">
        <input type="search" value={text} onChange={(event) => setText(event.target.value)} className={inputLook} />
      </FilterField>
      <FilterField label={t('filter.actor')}>
        <input value={actor} onChange={(event) => setActor(event.target.value)} className={inputLook} />
      </FilterField>
      <FilterSelect
        label={t('filter.verb')}
        all={t('filter.all')}
        value={filter.verb}
        options={verbs.map(([value, name]) => ({ value, name }))}
        onChange={(verb) => onChange({ ...filter, verb })}
      />
      <FilterField label={t('filter.from')}>
        <input
          type="date"
          value={filter.from.slice(0, 10)}
          onChange={(event) => onChange({ ...filter, from: startOf(event.target.value) })}
          className={inputLook}
        />
      </FilterField>
      <FilterField label={t('filter.to')}>
        <input
          type="date"
          value={filter.to.slice(0, 10)}
          onChange={(event) => onChange({ ...filter, to: endOf(event.target.value) })}
          className={inputLook}
        />
      </FilterField>
    </FilterForm>
  );
}

/** Days of the filter are UTC days, as the label says: a link means the same to everyone who opens it. */
const startOf = (day: string) => (day === '' ? '' : `${day}T00:00:00.000Z`);
const endOf = (day: string) => (day === '' ? '' : `${day}T23:59:59.999Z`);
