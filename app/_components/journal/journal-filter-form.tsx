'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { JournalFilter } from '@/app/_queries/journal';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';

const verbs = [
  ...(['advance', 'override', 'rollback', 'pause', 'resume', 'rearm', 'weights', 'policy', 'sql'] as const),
  ...(['sign_in', 'sign_out', 'link_create', 'operator_add', 'operator_change', 'operator_revoke'] as const),
  ...(['channel_add', 'channel_change', 'channel_remove'] as const),
] as const;
const none: JournalFilter = { text: '', actor: '', verb: '', flag: '', from: '', to: '' };

interface JournalFilterFormProps {
  readonly filter: JournalFilter;
  readonly onChange: (filter: JournalFilter) => void;
}

export function JournalFilterForm({ filter, onChange }: JournalFilterFormProps) {
  const t = useTranslations('journal');
  const [text, setText] = useState(filter.text);
  const [actor, setActor] = useState(filter.actor);
  const label = 'flex min-w-0 flex-col gap-0.5 text-muted text-xs';
  return (
    <search>
      <form
        className="grid grid-cols-2 items-end gap-2 rounded-panel border bg-surface p-3 md:grid-cols-[2fr_1fr_1fr_1fr_1fr_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ ...filter, text: text.trim(), actor: actor.trim() });
        }}
      >
        <label className={`${label} col-span-2 md:col-span-1`}>
          {t('filter.text')}
          <input type="search" value={text} onChange={(event) => setText(event.target.value)} className={inputLook} />
        </label>
        <label className={label}>
          {t('filter.actor')}
          <input value={actor} onChange={(event) => setActor(event.target.value)} className={inputLook} />
        </label>
        <label className={label}>
          {t('filter.verb')}
          <select
            value={filter.verb}
            onChange={(event) => onChange({ ...filter, verb: event.target.value })}
            className={inputLook}
          >
            <option value="">{t('filter.all')}</option>
            {verbs.map((verb) => (
              <option key={verb} value={verb}>
                {t(`verb.${verb}`)}
              </option>
            ))}
          </select>
        </label>
        <label className={label}>
          {t('filter.from')}
          <input
            type="date"
            value={filter.from.slice(0, 10)}
            onChange={(event) => onChange({ ...filter, from: startOf(event.target.value) })}
            className={inputLook}
          />
        </label>
        <label className={label}>
          {t('filter.to')}
          <input
            type="date"
            value={filter.to.slice(0, 10)}
            onChange={(event) => onChange({ ...filter, to: endOf(event.target.value) })}
            className={inputLook}
          />
        </label>
        <div className="col-span-2 flex gap-2 md:col-span-1">
          <Button type="submit" look="solid">
            {t('filter.apply')}
          </Button>
          <Button
            onClick={() => {
              setText('');
              setActor('');
              onChange(none);
            }}
          >
            {t('filter.clear')}
          </Button>
        </div>
      </form>
    </search>
  );
}

/** Days of the filter are UTC days, as the label says: a link means the same to everyone who opens it. */
const startOf = (day: string) => (day === '' ? '' : `${day}T00:00:00.000Z`);
const endOf = (day: string) => (day === '' ? '' : `${day}T23:59:59.999Z`);
