import { z } from 'zod';
import * as answers from '@/lib/api/answers/control-plane';
import { metricsView } from '@/lib/api/answers/metrics';
import { readMetrics } from '@/lib/charts/read-metrics';
import { readEntry } from '@/lib/control/journal/read-journal';
import { acknowledgeAlert } from '@/lib/control/verbs/acknowledge-alert';
import { jsonOf, ok } from '@/lib/doors/route';
import { fields, reason } from '@/lib/http/body/read-fields';
import { placed, spanOf } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { guarded, open } from './guarded';
import { journalCsv } from './journal-csv';
import { journalFilters, journalQuery } from './journal-query';

const csv = { description: 'A spreadsheet', schema: z.string(), mediaType: 'text/csv' };
const csvHeaders = {
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': 'attachment; filename="sluice-journal.csv"',
  'cache-control': 'no-store',
};
const events = {
  description: 'Server-sent events; `snapshot` has the body of GET /api/rollout',
  schema: z.string(),
  mediaType: 'text/event-stream',
};

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
    'GET /api/metrics',
    'viewer',
    'Both providers over time against the red lines',
    { ...ok(metricsView), query: spanOf('1h') },
    async ({ query }, { controlPlane }) => {
      const { control } = controlPlane();
      const { nowMs } = await control.flags.readSplit();
      return json(200, await readMetrics(control, placed(query, nowMs)));
    },
  ),
  guarded(
    'GET /api/journal',
    'viewer',
    'Every change, newest first',
    {
      query: journalFilters,
      answers: { 200: [jsonOf(answers.journal, 'As JSON, or with format=csv as text/csv'), csv] },
    },
    async ({ query: filters }, { controlPlane }) => {
      const { query, format } = journalQuery(filters);
      const entries = await controlPlane().control.journal.list(query);
      if (format === 'json') return json(200, { entries });
      return { status: 200, headers: csvHeaders, body: journalCsv(entries) };
    },
  ),
  guarded('GET /api/journal/{id}', 'viewer', 'One entry', ok(answers.journalEntry), async ({ id }, { controlPlane }) =>
    json(200, await readEntry(controlPlane().control, id)),
  ),
  // Who watches is asked there, again and again for as long as the stream lasts.
  open(
    'GET /api/stream',
    'viewer',
    'Server-sent events: `snapshot`, `still`, `trouble`',
    { answers: { 200: events } },
    (arriving, { controlPlane }) => controlPlane().stream(arriving),
  ),
];
