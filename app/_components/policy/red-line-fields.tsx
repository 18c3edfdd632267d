'use client';

import { useTranslations } from 'next-intl';
import type { PolicyWire, RedLineWire } from '@/lib/split/policy/format-policy';
import { isPercentile } from '@/lib/split/policy/metrics';
import { shownLimit, unitOf, withAction, withLimit } from '../state/policy-draft';
import { Panel } from '../ui/panel';
import { inputLook } from '../ui/reason-field';
import { DurationField } from './duration-field';
import { NumberField } from './number-field';

interface RedLineFieldsProps {
  readonly policy: PolicyWire;
  readonly onChange: (policy: PolicyWire) => void;
}

export function RedLineFields({ policy, onChange }: RedLineFieldsProps) {
  const t = useTranslations();
  const replace = (next: RedLineWire) =>
    onChange({ ...policy, redLines: policy.redLines.map((line) => (line.metric === next.metric ? next : line)) });
  const label = (line: RedLineWire, column: 'limit' | 'window' | 'hold' | 'action') =>
    `${t(`metric.${line.metric}`)}: ${t(`policy.column.${column}`)}`;
  return (
    <Panel title={t('policy.redLines')}>
      <table className="w-full text-sm max-sm:block">
        <thead className="max-sm:sr-only">
          <tr className="text-left text-muted text-xs [&>th]:pb-1 [&>th]:font-normal">
            <th scope="col">{t('policy.column.metric')}</th>
            <th scope="col">{t('policy.column.limit')}</th>
            <th scope="col">{t('policy.column.window')}</th>
            <th scope="col">{t('policy.column.hold')}</th>
            <th scope="col">{t('policy.column.action')}</th>
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {policy.redLines.map((line) => (
            <tr
              key={line.metric}
              className="border-t max-sm:flex max-sm:flex-wrap max-sm:items-center max-sm:gap-2 max-sm:py-2 sm:[&>td]:py-1.5 sm:[&>td]:pr-3 sm:[&>td:last-child]:pr-0"
            >
              <th scope="row" className="pr-3 text-left font-medium max-sm:w-full">
                {t(`metric.${line.metric}`)}
              </th>
              <td>
                <PhoneCaption text={t('policy.column.limit')} />
                <span className="flex items-center gap-1.5">
                  {isPercentile(line.metric) ? '≥' : '>'}
                  <NumberField
                    label={label(line, 'limit')}
                    value={shownLimit(line)}
                    unit={t(`policy.unit.${unitOf(line)}`)}
                    onChange={(shown) => replace(withLimit(line, shown ?? Number.NaN))}
                  />
                </span>
              </td>
              <td>
                <PhoneCaption text={t('policy.column.window')} />
                <DurationField
                  label={label(line, 'window')}
                  value={line.window}
                  onChange={(window) => replace({ ...line, window })}
                />
              </td>
              <td>
                <PhoneCaption text={t('policy.column.hold')} />
                <DurationField
                  label={label(line, 'hold')}
                  value={line.hold}
                  onChange={(hold) => replace({ ...line, hold })}
                />
              </td>
              <td>
                <PhoneCaption text={t('policy.column.action')} />
                <select
                  aria-label={label(line, 'action')}
                  value={line.action ?? 'rollback'}
                  onChange={(event) =>
                    replace(withAction(line, event.target.value === 'signal' ? 'signal' : 'rollback'))
                  }
                  className={`${inputLook} sm:min-w-30`}
                >
                  <option value="rollback">{t('policy.action.rollback')}</option>
                  <option value="signal">{t('policy.action.signal')}</option>
                </select>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** The column's name where there are no columns; the field says it too, to those who listen. */
function PhoneCaption({ text }: { readonly text: string }) {
  return (
    <span aria-hidden="true" className="block text-2xs text-muted sm:hidden">
      {text}
    </span>
  );
}
