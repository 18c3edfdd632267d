import { z } from 'zod';
import * as answers from '@/lib/api/answers/comparisons';
import { type ComparisonItem, type ComparisonsView, comparisonChoices } from '@/lib/api/comparisons-view';
import { type ControlRoute, jsonOf, ok } from '@/lib/doors/route';
import { generateBody, wantedOf } from '@/lib/doors/sluice/generate-request';
import { text } from '@/lib/doors/sluice/members';
import { comparableModels } from '@/lib/gateway/compare/compare-arms';
import { fields, flag, reason, shown } from '@/lib/http/body/read-fields';
import { Problem } from '@/lib/http/problem';
import { wholeNumber } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { says } from '@/lib/kernel/refusal';
import { guarded } from '../guarded';
import { slugPlace, splitAt } from '../place';
import type { Planes } from '../planes';
import { comparable, compare, priceOf } from './compare';

const usuallyListed = 20;
const mostListed = 100;
const longestName = 64;

const body = generateBody.omit({ n: true, user: true, split: true }).extend({
  candidate: text(longestName).optional(),
  blind: flag('which side is whose is told after a vote'),
  dry_run: flag('only says what it would cost; nobody is called'),
});

const running = {
  body,
  answers: {
    200: jsonOf(answers.comparisonPrice, 'dry_run: what it would cost'),
    201: jsonOf(answers.comparisonMade, 'What both made; the images are in this answer alone'),
  },
  refusals: [409, 429],
};

const choice = z.enum(comparisonChoices, {
  error: ({ input }) => `is ${shown(input)}; it must be left, right or neither`,
});
const voting = { ...ok(answers.comparison, 'As it is now, and which side was whose'), refusals: [404, 409] } as const;

/** The same prompt from two arms, for people to look at: outside of every sample. */
export const comparisonRoutes: readonly ControlRoute<Planes>[] = [
  guarded(
    'POST /api/splits/{slug}/comparisons',
    'operator',
    'Run one prompt at the baseline and a candidate, outside of every sample; who, its digest and its cost are journaled',
    running,
    async ({ arriving, body: asked, actor }, planes) => {
      const { control } = await slugPlace.inUse(arriving.path, planes);
      const { candidate, blind, dry_run: dryRun, ...rest } = asked;
      const { dataPlane } = planes.runtime();
      const { requestId } = arriving;
      const wanted = wantedOf({ ...rest, n: 1, user: undefined, split: undefined });
      const key = control.facts.split;
      const both = await comparable(dataPlane, { key, wanted, candidate, requestId, actor: actor.name });
      if (dryRun) return json(200, await priceOf(both, control.comparisons.usualCost));
      const made = await alone(planes, actor.name, async () => {
        const { kept, images } = await compare(dataPlane, both, blind);
        return { id: await control.comparisons.keep(kept, actor.name), images };
      });
      const kept = await control.comparisons.find(made.id);
      return json(201, { ...(kept ?? unknown(made.id)), images: made.images });
    },
  ),
  guarded(
    'GET /api/splits/{slug}/comparisons',
    'viewer',
    'What was compared last, the newest first, and the votes of all; without images',
    {
      ...ok(answers.comparisons),
      query: z.object({ limit: wholeNumber([1, mostListed], `at most so many; ${usuallyListed}`) }),
    },
    async ({ arriving, query: { limit = usuallyListed } }, planes) => {
      const { comparisons, facts } = await splitAt(arriving.path, planes.controlPlane().controls);
      const split = planes.runtime().dataPlane.splits.all.get(facts.split);
      const { baseline = null, candidates = [] } = split?.names ?? {};
      const listed = await comparisons.list(limit);
      const models = split === undefined ? [] : comparableModels(split);
      const view = { ...listed, kind: split?.kind ?? 'image', baseline, candidates, models };
      return json(200, view satisfies ComparisonsView);
    },
  ),
  guarded(
    'POST /api/splits/{slug}/comparisons/{id}/vote',
    'operator',
    'Say which was better, once each person; an event of its own, which no red line reads',
    { ...voting, body: fields({ choice, reason }) },
    async ({ arriving, id, body: { choice: chosen, reason: why }, actor }, planes) => {
      const { comparisons } = await splitAt(arriving.path, planes.controlPlane().controls);
      const now = await comparisons.vote(id, chosen, { actor: actor.name, reason: why });
      if (now === 'again') {
        const detail = `${actor.name} has voted on comparison ${id} already, and a vote stays as it was given.`;
        throw new Problem(409, 'already-voted', detail, { members: says('already-voted', { id }) });
      }
      return json(200, (now ?? unknown(id)) satisfies ComparisonItem);
    },
  ),
];

function unknown(id: number): never {
  const detail = `This split has no comparison ${id}; GET …/comparisons lists the last.`;
  throw new Problem(404, 'no-such-comparison', detail, { members: says('no-such-comparison', { id }) });
}

/** One of each person at a time, and only so many a minute: every one is paid twice. */
async function alone<T>(planes: Planes, actor: string, work: () => Promise<T>): Promise<T> {
  const { comparing, throttles } = planes.controlPlane();
  if (comparing.has(actor)) {
    const detail = `A comparison of ${actor} runs already; nothing was sent. Wait until it is there.`;
    throw new Problem(429, 'comparison-running', detail, {
      headers: { 'retry-after': '5' },
      members: says('comparison-running'),
    });
  }
  throttles.compare.take(actor);
  comparing.add(actor);
  try {
    return await work();
  } finally {
    comparing.delete(actor);
  }
}
