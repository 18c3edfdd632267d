'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import { isPercentile } from '@/lib/split/policy/metrics';
import { useFormats } from '../format/use-formats';
import type { PolicyWords } from '../state/policy/policy-diff';

/** How a policy is told, field by field, in the reader's language. */
export function usePolicyWords(): PolicyWords {
  const t = useTranslations();
  const formats = useFormats();
  const baseline = useSnapshot()?.baseline ?? '';
  const shares: PolicyWords['shares'] = (weights) => formats.weights(weights, baseline);
  return {
    shares,
    stage: ({ name, weights, observe }, named) =>
      [...(named ? [name] : []), shares(weights), observe ?? t('policy.noEnd')].join(' · '),
    line: ({ metric, limit, timesBaseline, window, hold, action = 'rollback' }) => {
      const sign = isPercentile(metric) ? '≥' : '>';
      const at =
        timesBaseline === undefined
          ? formats.metric(metric, limit ?? null)
          : `${timesBaseline} ${t('policy.unit.timesBaseline')}`;
      const words = t('policy.diff.lineSpan', { window, hold });
      return [`${sign} ${at}`, words, t(`policy.action.${action}`)].join(' · ');
    },
    metric: (metric) => t(`metric.${metric}`),
    rule: (name) => t(`policy.diff.rule.${name}`),
    value: (name, value) => {
      if (value === null) return t('policy.diff.measured');
      if (typeof value === 'boolean') return t(value ? 'policy.diff.yes' : 'policy.diff.no');
      if (typeof value === 'string') return value;
      const number = Number(value);
      if (name === 'warningTolerance' || name === 'maxPinned') return formats.percent(number);
      return name === 'baselineCostUsd' ? formats.usd(number) : formats.count(number);
    },
    other: (name) => t(`policy.diff.${name}`),
  };
}
