'use client';

import { useTranslations } from 'next-intl';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { isCrossed } from '@/lib/rule/hold';
import { useFormats } from '../format/use-formats';
import { verdictLook } from '../state/verdict-look';
import { Badge } from '../ui/badge';
import { Instant } from '../ui/instant';

const shown = 12;

/** When it would have rolled back, and every time a line changed its verdict to something worth a look. */
export function WhatIfResult({ report }: { readonly report: ReplayReport }) {
  const t = useTranslations();
  const { count, metric } = useFormats();
  const crossed = report.verdicts.filter(isCrossed).slice(0, shown);
  const acted = report.rollbacks.length > 0;
  return (
    <div className="grid gap-1.5 text-sm">
      <p className={acted ? 'font-semibold text-breach' : 'font-semibold text-good'}>
        {acted ? t('policy.wouldHave', { count: report.rollbacks.length }) : t('policy.wouldNot')}{' '}
        <span className="font-normal text-muted">
          {t('policy.events', { n: report.events, count: count(report.events) })}
        </span>
      </p>
      {report.rollbacks.map((rollback) => (
        <p key={rollback.at}>
          <Instant at={rollback.at} utc="beside" /> · {t(`metric.${rollback.red_line}`)} · {rollback.explanation}
        </p>
      ))}
      {crossed.length > 0 && (
        <ul className="border-t">
          {crossed.map((change) => (
            <li key={`${change.at} ${change.red_line}`} className="flex flex-wrap gap-x-2 border-b py-1 text-xs">
              <Instant at={change.at} />
              <span>{t(`metric.${change.red_line}`)}</span>
              <Badge tone={verdictLook(change.verdict).tone}>{t(`verdict.${change.verdict}`)}</Badge>
              <span>
                {metric(change.red_line, change.value)} / {metric(change.red_line, change.limit)}
              </span>
              <span className="text-muted">n {count(change.n)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
