'use client';

import { useTranslations } from 'next-intl';
import type { RedLineWire } from '@/lib/split/policy/format-policy';
import { isCost, isPercentile } from '@/lib/split/policy/metrics';
import { Choice } from '../../settings/choice';
import { useUnitWords } from '../../state/lines/use-unit-words';
import { shownLimit, unitOf, withAction, withLimit } from '../../state/policy/policy-draft';
import { withBasis } from '../../state/policy/policy-rows';
import { DurationField } from './duration-field';
import { FaultsOfRow, useFaulty } from './field-faults';
import { NumberField } from './number-field';
import { PhoneCaption, rowLook } from './phone-caption';
import { RowTools } from './row-tools';
import { firstFieldOf, type Rows } from './use-rows';

interface RedLineRowProps {
  readonly line: RedLineWire;
  readonly at: number;
  readonly of: Rows<RedLineWire>;
}

export function RedLineRow({ line, at, of }: RedLineRowProps) {
  const t = useTranslations();
  const faulty = useFaulty();
  const place = `redLines[${at}]`;
  const name = t(`metric.${line.metric}`);
  const costUnit = useUnitWords()(line.metric);
  const label = (column: 'limit' | 'window' | 'hold' | 'action') => `${name}: ${t(`policy.column.${column}`)}`;
  const replace = (next: RedLineWire) => of.replace(at, next);
  const unit = unitOf(line);
  const limit = [faulty(`${place}.limit`, place), faulty(`${place}.timesBaseline`, place)];
  return (
    <>
      <tr className={rowLook}>
        <th scope="row" className="text-left font-medium max-md:w-full">
          {name}
          {costUnit !== null && <span className="block font-normal text-muted text-xs">{costUnit}</span>}
        </th>
        <td>
          <PhoneCaption text={t('policy.column.limit')} />
          <span className="flex items-center gap-1.5">
            {isPercentile(line.metric) ? '≥' : '>'}
            <NumberField
              // A basis of its own starts from a number of its own.
              key={unit}
              label={label('limit')}
              value={shownLimit(line)}
              {...(isCost(line.metric) ? {} : { unit: t(`policy.unit.${unit}`) })}
              {...(limit.find(({ invalid }) => invalid) ?? {})}
              onChange={(shown) => replace(withLimit(line, shown ?? Number.NaN))}
            />
            {isCost(line.metric) && (
              <Choice
                aria-label={`${name}: ${t('policy.row.basis')}`}
                value={unit === 'usd' ? 'usd' : 'timesBaseline'}
                options={['timesBaseline', 'usd'] as const}
                word={(each) => t(`policy.unit.${each}`)}
                onChange={(each) => replace(withBasis(line, each))}
                className="w-auto! px-1!"
              />
            )}
          </span>
        </td>
        {(['window', 'hold'] as const).map((column) => (
          <td key={column}>
            <PhoneCaption text={t(`policy.column.${column}`)} />
            <DurationField
              label={label(column)}
              value={line[column]}
              {...faulty(`${place}.${column}`, place)}
              onChange={(text) => replace({ ...line, [column]: text })}
            />
          </td>
        ))}
        <td>
          <PhoneCaption text={t('policy.column.action')} />
          <Choice
            id={firstFieldOf(of.rows[at]?.id ?? '')}
            aria-label={label('action')}
            value={line.action ?? 'rollback'}
            options={['rollback', 'signal'] as const}
            word={(each) => t(`policy.action.${each}`)}
            onChange={(action) => replace(withAction(line, action))}
            className="md:min-w-30"
          />
        </td>
        <td>
          <PhoneCaption text=" " />
          <RowTools of={of} at={at} name={name} />
        </td>
      </tr>
      <FaultsOfRow place={place} columns={6} />
    </>
  );
}
