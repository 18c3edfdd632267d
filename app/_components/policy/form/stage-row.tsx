'use client';

import { useTranslations } from 'next-intl';
import { candidatesOf, type PolicyWire, type StageWire } from '@/lib/split/policy/format-policy';
import { withShare } from '../../state/policy/policy-draft';
import { inputLook } from '../../ui/reason-field';
import { DurationField } from './duration-field';
import { FaultsOfRow, useFaulty } from './field-faults';
import { NumberField } from './number-field';
import { PhoneCaption, rowLook } from './phone-caption';
import { RowTools } from './row-tools';
import { firstFieldOf, type Rows } from './use-rows';

interface StageRowProps {
  readonly policy: PolicyWire;
  readonly stage: StageWire;
  readonly at: number;
  readonly of: Rows<StageWire>;
}

export function StageRow({ policy, stage, at, of }: StageRowProps) {
  const t = useTranslations('policy');
  const faulty = useFaulty();
  const candidates = candidatesOf(policy);
  const place = `stages[${at}]`;
  const replace = (next: Partial<StageWire>) => of.replace(at, { ...stage, ...next });
  const name = faulty(`${place}.name`, place);
  return (
    <>
      <tr className={rowLook}>
        <th scope="row" className="text-left font-normal">
          <PhoneCaption text={t('column.stage')} />
          <input
            id={firstFieldOf(of.rows[at]?.id ?? '')}
            aria-label={t('row.stageName', { n: at + 1 })}
            aria-invalid={name.invalid || undefined}
            aria-describedby={name.describedBy}
            value={stage.name}
            maxLength={32}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => replace({ name: event.target.value })}
            className={`${inputLook} w-24! font-medium aria-invalid:border-breach`}
          />
        </th>
        <td>
          <PhoneCaption text={t('column.share')} />
          <span className="flex flex-wrap gap-2">
            {candidates.map((candidate) => (
              <NumberField
                key={candidate}
                label={`${stage.name}: ${t('column.share')}${candidates.length > 1 ? ` (${candidate})` : ''}`}
                value={Number(((stage.weights[candidate] ?? 0) * 100).toPrecision(12))}
                unit="%"
                {...faulty(`${place}.weights`, place)}
                onChange={(percent) => replace(withShare(stage, policy, candidate, percent ?? Number.NaN))}
              />
            ))}
          </span>
        </td>
        <td>
          <PhoneCaption text={t('column.observe')} />
          <DurationField
            label={`${stage.name}: ${t('column.observe')}`}
            value={stage.observe ?? ''}
            empty={t('noEnd')}
            {...faulty(`${place}.observe`, place)}
            onChange={(observe) => replace({ observe: observe === '' ? null : observe })}
          />
        </td>
        <td>
          <PhoneCaption text=" " />
          <RowTools of={of} at={at} name={stage.name} />
        </td>
      </tr>
      <FaultsOfRow place={place} columns={4} />
    </>
  );
}
