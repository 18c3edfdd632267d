'use client';

import { useTranslations } from 'next-intl';
import { candidatesOf, type PolicyWire } from '@/lib/split/policy/format-policy';
import { anotherStage } from '../../state/policy/policy-rows';
import { Button } from '../../ui/button';
import { Panel } from '../../ui/panel';
import { FieldFaults } from './field-faults';
import { StageRow } from './stage-row';
import { useRows } from './use-rows';

interface StageFieldsProps {
  readonly policy: PolicyWire;
  readonly onChange: (policy: PolicyWire) => void;
}

const mostStages = 12;

export function StageFields({ policy, onChange }: StageFieldsProps) {
  const t = useTranslations('policy');
  const of = useRows(policy.stages, (stages) => onChange({ ...policy, stages }));
  const full = policy.stages.length >= mostStages;
  return (
    <Panel title={t('stages')}>
      <table className="w-full text-sm max-md:block">
        <thead className="max-md:sr-only">
          <tr className="text-left text-muted text-xs [&>th]:pb-1 [&>th]:font-normal">
            <th scope="col">{t('column.stage')}</th>
            <th scope="col">
              {t('column.share')} ({candidatesOf(policy).join(', ')})
            </th>
            <th scope="col">{t('column.observe')}</th>
            <th scope="col">
              <span className="sr-only">{t('row.tools')}</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {of.rows.map(({ id, item }, at) => (
            <StageRow key={id} policy={policy} stage={item} at={at} of={of} />
          ))}
        </tbody>
      </table>
      <FieldFaults of="stages" alone />
      <Button
        id={of.addId}
        disabled={full}
        className="mt-2"
        onClick={() => {
          const { at, stage } = anotherStage(policy);
          of.insert(at, stage);
        }}
      >
        {t('row.addStage')}
      </Button>
    </Panel>
  );
}
