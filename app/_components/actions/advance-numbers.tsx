'use client';

import { useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { useFormats } from '../format/use-formats';
import { useLineName } from '../state/use-line-name';
import { verdictLook } from '../state/verdict-look';
import { Badge } from '../ui/badge';

/** The four lines as they stand while the operator types. */
export function AdvanceNumbers({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations();
  const { metric, count } = useFormats();
  const nameOf = useLineName(snapshot);
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{t('advance.numbers')}</caption>
      <tbody>
        {snapshot.red_lines.map((line) => {
          const look = verdictLook(line.verdict);
          return (
            <tr key={`${line.arm} ${line.metric}`} className="border-t first:border-t-0">
              <th scope="row" className="py-1 text-left font-normal text-muted">
                {nameOf(line)}
              </th>
              <td className="text-right">
                {metric(line.metric, line.value)}
                <span className="text-muted text-xs"> / {metric(line.metric, line.limit)}</span>
              </td>
              <td className="hidden px-2 text-right text-muted text-xs sm:table-cell">n {count(line.n)}</td>
              <td className="text-right">
                <Badge tone={look.tone} icon={look.icon}>
                  {t(`verdict.${line.verdict}`)}
                </Badge>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
