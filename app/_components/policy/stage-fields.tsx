'use client';

import { useTranslations } from 'next-intl';
import { candidatesOf, type PolicyWire, type StageWire } from '@/lib/split/policy/format-policy';
import { withShare } from '../state/policy-draft';
import { Panel } from '../ui/panel';
import { DurationField } from './duration-field';
import { NumberField } from './number-field';

interface StageFieldsProps {
  readonly policy: PolicyWire;
  readonly onChange: (policy: PolicyWire) => void;
}

export function StageFields({ policy, onChange }: StageFieldsProps) {
  const t = useTranslations('policy');
  const candidates = candidatesOf(policy);
  const replace = (next: StageWire) =>
    onChange({ ...policy, stages: policy.stages.map((stage) => (stage.name === next.name ? next : stage)) });
  return (
    <Panel title={t('stages')}>
      <table className="w-full text-sm">
        <thead>
          <tr className="text-left text-muted text-xs [&>th]:pb-1 [&>th]:font-normal">
            <th scope="col">{t('column.stage')}</th>
            <th scope="col">
              {t('column.share')} ({candidates.join(', ')})
            </th>
            <th scope="col">{t('column.observe')}</th>
          </tr>
        </thead>
        <tbody>
          {policy.stages.map((stage) => (
            <tr key={stage.name} className="border-t [&>td]:py-1.5 [&>td]:pr-3">
              <th scope="row" className="pr-3 text-left font-medium">
                {stage.name}
              </th>
              <td>
                <span className="flex flex-wrap gap-2">
                  {candidates.map((candidate) => (
                    <NumberField
                      key={candidate}
                      label={`${stage.name}: ${t('column.share')}${candidates.length > 1 ? ` (${candidate})` : ''}`}
                      value={(stage.weights[candidate] ?? 0) * 100}
                      unit="%"
                      onChange={(percent) => replace(withShare(stage, policy, candidate, percent ?? Number.NaN))}
                    />
                  ))}
                </span>
              </td>
              <td>
                {stage.observe === null ? (
                  <span className="text-muted">{t('noEnd')}</span>
                ) : (
                  <DurationField
                    label={`${stage.name}: ${t('column.observe')}`}
                    value={stage.observe}
                    onChange={(observe) => replace({ ...stage, observe })}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
