import { z } from 'zod';
import * as answers from '@/lib/api/answers/requests';
import { type RequestDetail, type RequestsView, requestOutcomes } from '@/lib/api/requests-view';
import { isPlace } from '@/lib/charts/requests/list-requests';
import { type ControlRoute, ok } from '@/lib/doors/route';
import { judged } from '@/lib/http/body/read-fields';
import { partOf } from '@/lib/http/part-of-path';
import { Problem } from '@/lib/http/problem';
import { between, instant, refuseBackwards, wholeNumber } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { detailOf } from '@/lib/jobs/operate/show-job';
import { excerpt } from '@/lib/kernel/excerpt';
import { guarded } from '../guarded';
import { splitAt } from '../place';
import type { Planes } from '../planes';

const longestName = 200;
const usuallyListed = 50;
const mostListed = 200;
const longestMs = 3_600_000;

const name = (description: string) =>
  judged<string>((value) => nameFault(String(value)), { type: 'string', description })
    .optional()
    .transform((value) => value || null);

function nameFault(value: string): string | null {
  if (value.length <= longestName && !value.includes('\0')) return null;
  return `must be at most ${longestName} characters, without NUL`;
}

const place = judged<string>((value) => (isPlace(String(value)) ? null : 'must be `next` of a page before'), {
  ...{ type: 'string', description: '`next` of the page before' },
}).optional();

const listing = z
  .object({
    limit: wholeNumber([1, mostListed], `at most so many; ${usuallyListed}`),
    before: place,
    ...between,
    arm: name('of the first attempt'),
    outcome: z.enum(requestOutcomes, { error: () => `must be ${requestOutcomes.join(', ')}` }).optional(),
    kind: name("of the first attempt's error, such as timeout"),
    model: name('as callers write it'),
    caller: name('its name'),
    user: name('user_hash of the log'),
    min_ms: wholeNumber([0, longestMs], 'the first attempt took so many milliseconds at least'),
  })
  .superRefine(refuseBackwards);

/** What happened to single requests, for viewers; nothing of what their callers wrote. */
export const requestRoutes: readonly ControlRoute<Planes>[] = [
  guarded(
    'GET /api/splits/{slug}/requests',
    'viewer',
    'Its requests from the log, the newest first',
    { ...ok(answers.requests), query: listing },
    async ({ arriving, query }, planes) => {
      const { requests } = await splitAt(arriving.path, planes.controlPlane().controls);
      const { limit = usuallyListed, before = null, outcome = null, min_ms = null, from, to, ...names } = query;
      const span = { fromMs: from?.ms ?? null, toMs: to?.ms ?? null };
      const page = await requests.list({ ...names, ...span, limit, before, outcome, minLatencyMs: min_ms });
      return json(200, { ...page, searched_to: page.searched_to?.toISOString() ?? null } satisfies RequestsView);
    },
  ),
  guarded(
    'GET /api/splits/{slug}/requests/{request}',
    'viewer',
    'One request: its attempts, what was changed on its way, what it cost',
    { ...ok(answers.request), query: z.object({ at: instant('about when it was, for an id that does not say it') }) },
    async ({ arriving, query }, planes) => json(200, await requestAt(arriving.path, query.at?.ms ?? null, planes)),
  ),
];

async function requestAt(path: string, atMs: number | null, planes: Planes): Promise<RequestDetail> {
  const { controls, jobs } = planes.controlPlane();
  const { facts, requests } = await splitAt(path, controls);
  const said = partOf(path, 5);
  const found = said.length > longestName ? null : await requests.find(said, atMs);
  if (found === null) throw unknown(facts.slug, said);
  const job = found.jobId === null ? null : await jobs.find(found.jobId, facts.split);
  if (job === null) return { ...found.detail, job: null };
  const detail = detailOf(job, await jobs.events(job.id));
  const { id, state, created_at, accepted_at, started_at, ended_at, cost_usd, cost_basis, events } = detail;
  const moments = { created_at, accepted_at, started_at, ended_at };
  return { ...found.detail, job: { id, state, ...moments, cost_usd, cost_basis, events } };
}

function unknown(slug: string, said: string): Problem {
  const why =
    'it may be older than the log is kept, not written yet, or have an id that does not say when it was: then add at=';
  return new Problem(
    404,
    'unknown-request',
    `The log of the split "${slug}" has no request "${excerpt(said)}": ${why}.`,
  );
}
