'use client';

import { useTranslations } from 'next-intl';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import type { Metric } from '@/lib/split/policy/metrics';
import { anotherLine, unusedMetrics } from '../../state/policy/policy-rows';
import { Panel } from '../../ui/panel';
import { inputLook } from '../../ui/reason-field';
import { FieldFaults } from './field-faults';
import { RedLineRow } from './red-line-row';
import { useRows } from './use-rows';

interface RedLineFieldsProps {
  readonly policy: PolicyWire;
  readonly onChange: (policy: PolicyWire) => void;
}

const columns = ['metric', 'limit', 'window', 'hold', 'action'] as const;

export function RedLineFields({ policy, onChange }: RedLineFieldsProps) {
  const t = useTranslations();
  const of = useRows(policy.redLines, (redLines) => onChange({ ...policy, redLines }));
  const unused = unusedMetrics(policy);
  const add = (metric: Metric) => of.insert(policy.redLines.length, anotherLine(metric));
  return (
    <Panel title={t('policy.redLines')}>
      <table className="w-full text-sm max-md:block">
        <thead className="max-md:sr-only">
          <tr className="text-left text-muted text-xs [&>th]:pb-1 [&>th]:font-normal">
            {columns.map((name) => (
              <th key={name} scope="col">
                {t(`policy.column.${name}`)}
              </th>
            ))}
            <th scope="col">
              <span className="sr-only">{t('policy.row.tools')}</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {of.rows.map(({ id, item }, at) => (
            <RedLineRow key={id} line={item} at={at} of={of} />
          ))}
        </tbody>
      </table>
      <FieldFaults of="redLines" alone />
      <select
        id={of.addId}
        aria-label={t('policy.row.addLine')}
        value=""
        disabled={unused.length === 0}
        onChange={(event) => {
          const metric = unused.find((name) => name === event.target.value);
          if (metric !== undefined) add(metric);
        }}
        className={`${inputLook} mt-2 w-auto! max-w-full disabled:text-muted`}
      >
        <option value="">{unused.length === 0 ? t('policy.row.allLines') : t('policy.row.addLine')}</option>
        {unused.map((metric) => (
          <option key={metric} value={metric}>
            {t(`metric.${metric}`)}
          </option>
        ))}
      </select>
    </Panel>
  );
}
