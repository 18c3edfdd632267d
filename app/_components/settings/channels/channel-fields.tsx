'use client';

import { useTranslations } from 'next-intl';
import { tellable } from '@/lib/api/alerts';
import { inputLook } from '../../ui/reason-field';
import { Choice } from '../choice';
import { Field } from '../field';

/** What is told where: null is everything. */
export interface ChannelDraft {
  readonly name: string;
  readonly alerts: readonly string[] | null;
}

export function useAlertName(): (kind: string) => string {
  const tAlert = useTranslations('alert');
  const tChannels = useTranslations('channels');
  return (kind) => {
    if (kind === 'changed') return tChannels('changes');
    const key = `kind.${kind}` as 'kind.test';
    return tAlert.has(key) ? tAlert(key) : kind;
  };
}

interface ChannelFieldsProps {
  readonly draft: ChannelDraft;
  readonly onChange: (draft: ChannelDraft) => void;
}

/** What people call a channel, and what it is for. */
export function ChannelFields({ draft, onChange }: ChannelFieldsProps) {
  const t = useTranslations('channels');
  const nameOf = useAlertName();
  const { alerts } = draft;
  const toggle = (kind: string, isOn: boolean) =>
    onChange({ ...draft, alerts: tellable.filter((each) => (each === kind ? isOn : alerts?.includes(each))) });
  return (
    <>
      <div className="grid items-end gap-2 sm:grid-cols-2">
        <Field label={t('name')}>
          <input
            autoComplete="off"
            maxLength={64}
            value={draft.name}
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
            className={`${inputLook} min-h-9`}
          />
        </Field>
        <Field label={t('what')}>
          <Choice
            value={alerts === null ? 'all' : 'some'}
            options={['all', 'some'] as const}
            word={(scope) => t(scope)}
            onChange={(scope) =>
              onChange({ ...draft, alerts: scope === 'all' ? null : ['rolled_back', 'breach_begun'] })
            }
          />
        </Field>
      </div>
      {alerts !== null && (
        <fieldset className="grid gap-x-3 sm:grid-cols-2 lg:grid-cols-3">
          <legend className="mb-1 text-muted text-xs">{t('what')}</legend>
          {tellable.map((kind) => (
            <label key={kind} className="flex min-h-7 items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={alerts.includes(kind)}
                onChange={(event) => toggle(kind, event.target.checked)}
              />
              {nameOf(kind)}
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}
