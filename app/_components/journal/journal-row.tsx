'use client';

import { useSnapshot } from '@/app/_queries/snapshot';
import type { JournalEntry } from '@/lib/api/journal-entry';
import { isStageMove, verbTone } from '../state/journal';
import { useStageName } from '../state/use-stage-name';
import { Badge } from '../ui/badge';
import { Instant } from '../ui/instant';
import { SplitLink } from '../ui/split-link';
import { FlagChange } from './flag-change';
import { ReasonText } from './reason-text';
import { useVerbName } from './use-verb-name';

export function JournalRow({ entry }: { readonly entry: JournalEntry }) {
  const verbName = useVerbName();
  const stageName = useStageName();
  const baseline = useSnapshot()?.baseline ?? 'fal';
  return (
    <tr className="border-b align-top last:border-b-0 max-md:grid max-md:gap-1 max-md:px-3 max-md:py-2.5 md:[&>td]:px-3 md:[&>td]:py-2">
      <td>
        <SplitLink href={`/journal/${entry.id}`} className="text-link underline underline-offset-2">
          <Instant at={entry.at} utc="beside" />
        </SplitLink>
      </td>
      <td className="max-w-48">
        {entry.actor}
        {entry.login !== entry.actor && <span className="block text-muted text-xs">{entry.login}</span>}
      </td>
      <td>
        <Badge tone={verbTone(entry.verb)}>{verbName(entry.verb)}</Badge>
        {isStageMove(entry) && (
          <span className="ml-2 text-xs md:mt-0.5 md:ml-0 md:block">
            {entry.stage_from ? stageName(entry.stage_from) : '–'} → {entry.stage_to ? stageName(entry.stage_to) : '–'}
          </span>
        )}
      </td>
      <td className="max-w-80">
        <FlagChange entry={entry} baseline={baseline} />
      </td>
      <td className="max-w-96">
        <ReasonText entry={entry} />
      </td>
    </tr>
  );
}
