import { z } from 'zod';
import { eventRanges } from '@/lib/gateway/reported/event-faults';

/** As many events as one call may hold. */
export const mostEvents = 500;

const ranged = Object.fromEntries(
  Object.entries(eventRanges).map(([name, [least, most, unit]]) => [
    name,
    z.number().min(least).max(most).nullish().describe(unit),
  ]),
);

const event = z.strictObject({
  event_type: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/)
    .describe('gen_route, gen_ok, gen_failed, voucher_issued, or a word of your own; docs/events.md'),
  event_data: z
    .looseObject({
      provider: z.string().nullish().describe('A registered provider'),
      assigned: z.string().nullish().describe('A registered provider'),
      ...ranged,
    })
    .optional(),
  created_at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/)
    .optional()
    .describe('ISO 8601 with a zone; left out: now'),
});

const events = z.array(event).min(1).max(mostEvents);

/** What POST /api/events takes, for its description; each event is judged by `ingestEvents`, which has the sentences. */
export const eventsBody = z.union([z.object({ events }), events]);
