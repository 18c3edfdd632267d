import { z } from 'zod';
import * as answers from '@/lib/api/answers/control-plane';
import type { Control } from '@/lib/control/control';
import { readEntry } from '@/lib/control/journal/read-journal';
import { acknowledgeAlert } from '@/lib/control/verbs/acknowledge-alert';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, reason } from '@/lib/http/body/read-fields';
import { json } from '@/lib/http/respond';
import { guarded } from './guarded';
import { journalCsv } from './journal-csv';
import { type Filters, journalFilters, journalQuery } from './journal-query';
import { slugPlace, splitOf } from './place';

const csv = { description: 'A spreadsheet', schema: z.string(), mediaType: 'text/csv' };
const csvHeaders = {
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': 'attachment; filename="sluice-journal.csv"',
  'cache-control': 'no-store',
};
const ofJournal = {
  query: journalFilters,
  answers: { 200: [jsonOf(answers.journal, 'As JSON, or with format=csv as text/csv'), csv] },
};

async function answerJournal({ journal }: Pick<Control, 'journal'>, filters: Filters, split?: string) {
  const { query, format } = journalQuery(filters);
  const entries = await journal.list(split === undefined ? query : { ...query, split });
  if (format === 'json') return json(200, { entries });
  return { status: 200, headers: csvHeaders, body: journalCsv(entries) };
}

/** The changes of one split. */
export const splitJournalRoute = guarded(
  'GET /api/splits/{slug}/journal',
  'viewer',
  'Every change of its weights, its policy and its arms, newest first',
  ofJournal,
  async ({ arriving, query }, planes) => {
    const { control } = await slugPlace.of(arriving.path, planes);
    return answerJournal(control, query, control.facts.split);
  },
);

export const readingRoutes = [
  guarded('GET /api/alerts', 'viewer', 'Open alerts', ok(answers.alerts), async (_, { controlPlane }) =>
    json(200, { alerts: await controlPlane().control.alerts.open() }),
  ),
  guarded(
    'POST /api/alerts/{id}/acknowledge',
    'operator',
    'Somebody has seen it',
    { ...ok(answers.acknowledged), body: fields({ reason }) },
    async ({ id, body, actor }, { controlPlane }) =>
      json(200, await acknowledgeAlert(controlPlane().control, { ...body, id, by: actor.name })),
  ),
  guarded(
    'GET /api/journal',
    'viewer',
    'Every change, newest first',
    ofJournal,
    async ({ query }, { controlPlane }) => {
      const { controls, control } = controlPlane();
      const split = query.split === undefined ? undefined : (await splitOf(query.split, controls)).facts.split;
      return answerJournal(control, query, split);
    },
  ),
  guarded('GET /api/journal/{id}', 'viewer', 'One entry', ok(answers.journalEntry), async ({ id }, { controlPlane }) =>
    json(200, await readEntry(controlPlane().control, id)),
  ),
];
