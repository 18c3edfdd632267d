'use client';

import { useTranslations } from 'next-intl';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { judgedBy } from '@/lib/split/policy/metrics';
import { useFormats } from '../../format/use-formats';
import {
  claimOf,
  shownMaxPinned,
  shownTolerance,
  withMaxPinned,
  withSharedCause,
  withTolerance,
} from '../../state/policy/policy-draft';
import { Panel } from '../../ui/panel';
import { inputLook } from '../../ui/reason-field';
import { FieldFaults, useFaulty } from './field-faults';
import { NumberField } from './number-field';

interface RuleFieldsProps {
  readonly policy: PolicyWire;
  readonly onChange: (policy: PolicyWire) => void;
}

export function RuleFields({ policy, onChange }: RuleFieldsProps) {
  const t = useTranslations('policy');
  const { percent, count } = useFormats();
  const faulty = useFaulty();
  const baselineCost = t(judgedBy(policy) === 'job' ? 'baselineCostOfJobs' : 'baselineCost');
  return (
    <Panel title={t('rules')}>
      <div className="grid gap-3 text-sm">
        <label className="grid gap-1">
          <span className="font-medium">{t('evidence')}</span>
          <select
            value={policy.evidence}
            onChange={(event) =>
              onChange({ ...policy, evidence: event.target.value === 'observed' ? 'observed' : 'confirmed' })
            }
            className={inputLook}
          >
            <option value="confirmed">{t('evidenceConfirmed')}</option>
            <option value="observed">{t('evidenceObserved')}</option>
          </select>
        </label>
        <label className="grid gap-1">
          <span className="font-medium">{t('sharedCause')}</span>
          <select
            value={policy.sharedCause ?? 'block'}
            onChange={(event) => onChange(withSharedCause(policy, event.target.value === 'act' ? 'act' : 'block'))}
            className={inputLook}
          >
            <option value="block">{t('sharedCauseBlock')}</option>
            <option value="act">{t('sharedCauseAct')}</option>
          </select>
        </label>
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <div className="grid gap-1">
            <span className="font-medium">{t('tolerance')}</span>
            <NumberField
              label={t('tolerance')}
              value={shownTolerance(policy)}
              {...faulty('warningTolerance', 'warningTolerance')}
              unit="%"
              onChange={(percent) => onChange(withTolerance(policy, percent ?? Number.NaN))}
            />
            <span className="text-muted text-xs">{t('toleranceHint')}</span>
            <FieldFaults of="warningTolerance" />
          </div>
          <div className="grid gap-1">
            <span className="font-medium">{t('maxPinned')}</span>
            <NumberField
              label={t('maxPinned')}
              value={shownMaxPinned(policy)}
              {...faulty('maxPinned', 'maxPinned')}
              unit="%"
              onChange={(percent) => onChange(withMaxPinned(policy, percent ?? Number.NaN))}
            />
            <span className="text-muted text-xs">{t('maxPinnedHint')}</span>
            <FieldFaults of="maxPinned" />
          </div>
          <div className="grid gap-1">
            <span className="font-medium">{t('minRequests')}</span>
            <NumberField
              label={t('minRequests')}
              value={policy.minRequests}
              {...faulty('minRequests', 'minRequests')}
              onChange={(minRequests) => onChange({ ...policy, minRequests: minRequests ?? Number.NaN })}
            />
            <span className="text-muted text-xs">
              {t('minRequestsHint', {
                n: Number.isFinite(policy.minRequests) ? policy.minRequests : 0,
                count: Number.isFinite(policy.minRequests) ? count(policy.minRequests) : '–',
                rate: percent(claimOf(policy.minRequests)),
              })}
            </span>
            <FieldFaults of="minRequests" />
          </div>
          <div className="grid gap-1">
            <span className="font-medium">{baselineCost}</span>
            <NumberField
              label={baselineCost}
              value={policy.baselineCostUsd}
              {...faulty('baselineCostUsd', 'baselineCostUsd')}
              mayBeEmpty
              onChange={(baselineCostUsd) => onChange({ ...policy, baselineCostUsd })}
            />
            <span className="text-muted text-xs">{t('baselineCostHint')}</span>
            <FieldFaults of="baselineCostUsd" />
          </div>
        </div>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={policy.autoAdvance}
            onChange={(event) => onChange({ ...policy, autoAdvance: event.target.checked })}
            className="size-7 accent-accent"
          />
          {t('autoAdvance')}
        </label>
      </div>
    </Panel>
  );
}
