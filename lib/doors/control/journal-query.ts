import { z } from 'zod';
import type { JournalQuery } from '@/lib/control/journal/journal-store';
import { judged } from '@/lib/http/body/read-fields';
import { between, type Range, refuseBackwards, wholeNumber, wholeNumberFault } from '@/lib/http/read-query';
import { dropUndefined } from '@/lib/kernel/drop-undefined';

const longestText = 200;
const most = { json: 500, csv: 10_000 } as const;
const usual = { json: 50, csv: most.csv } as const;

const text = (description: string) =>
  judged<string>((value) => textFault(String(value)), { type: 'string', description })
    .optional()
    .transform((value) => value || undefined);

/** What a log is searched for. */
export function textFault(value: string): string | null {
  if (value.length <= longestText && !value.includes('\0')) return null;
  return `must be at most ${longestText} characters, without NUL`;
}

/** The query of GET /api/journal. */
export const journalFilters = z
  .object({
    limit: z.string().optional().describe('1 to 500; of format=csv 1 to 10000'),
    before: wholeNumber([1, Number.MAX_SAFE_INTEGER], 'id'),
    flag: text('flag key; sluice.registry and sluice.access are chains of their own'),
    split: text('slug of a split: its weights, its policy and its arms'),
    ...{ actor: text('text'), verb: text('text'), text: text('text') },
    ...between,
    format: z.enum(['json', 'csv'], { error: 'must be json or csv' }).optional(),
  })
  .superRefine(({ limit, format = 'json' }, context) => {
    const range: Range = [1, most[format]];
    const message = limit === undefined ? null : wholeNumberFault(limit, range);
    if (message !== null) context.addIssue({ code: 'custom', path: ['limit'], message });
  })
  .superRefine(refuseBackwards);

export type Filters = z.output<typeof journalFilters>;

export function journalQuery({ format = 'json', limit, from, to, before, flag, split: _, ...texts }: Filters) {
  const given = { ...texts, beforeId: before, fromMs: from?.ms, toMs: to?.ms, flagKey: flag };
  const query: JournalQuery = { limit: limit === undefined ? usual[format] : Number(limit), ...dropUndefined(given) };
  return { query, format };
}
