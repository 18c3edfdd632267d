import { z } from 'zod';
import { metricsView, segmentsView } from '@/lib/api/answers/metrics';
import { segmentedBy } from '@/lib/api/segments-view';
import { readMetrics } from '@/lib/charts/read-metrics';
import { readSegments } from '@/lib/charts/segments/read-segments';
import { type ControlRoute, ok } from '@/lib/doors/route';
import { judged, shown } from '@/lib/http/body/read-fields';
import { placed, spanOf } from '@/lib/http/read-query';
import { json } from '@/lib/http/respond';
import { guarded, open } from './guarded';
import { textFault } from './journal-query';
import type { Place } from './place';
import type { Planes } from './planes';

export const eventsOf = (description: string) => ({
  answers: { 200: { description, schema: z.string(), mediaType: 'text/event-stream' } },
});

const segmenting = spanOf('1h').safeExtend({
  by: z
    .enum(segmentedBy, { error: ({ input }) => `is ${shown(input)}; it must be ${segmentedBy.join(', ')}` })
    .default('model'),
  value: judged<string>((value) => textFault(String(value)), {
    ...{ type: 'string', description: 'the segment to chart over time' },
  }).optional(),
});

/** A split over time, and live. */
export function watchingRoutes({ verbs, beside, of }: Place): readonly ControlRoute<Planes>[] {
  return [
    guarded(
      `GET ${beside}/metrics`,
      'viewer',
      'Both providers over time against the red lines',
      { ...ok(metricsView), query: spanOf('1h') },
      async ({ arriving, query }, planes) => {
        const { control } = await of(arriving.path, planes);
        const { nowMs } = await control.flags.readSplit();
        return json(200, await readMetrics(control, placed(query, nowMs)));
      },
    ),
    guarded(
      `GET ${beside}/segments`,
      'viewer',
      'The arms by model, size or caller, from the log of at most a day',
      { ...ok(segmentsView), query: segmenting },
      async ({ arriving, query: { by, value, ...span } }, planes) => {
        const { control } = await of(arriving.path, planes);
        const { nowMs } = await control.flags.readSplit();
        return json(200, await readSegments(control, { ...placed(span, nowMs), by, value: value || null }));
      },
    ),
    // Who watches is asked there, again and again for as long as the stream lasts.
    open(
      `GET ${beside}/stream`,
      'viewer',
      'Server-sent events: `snapshot`, `still`, `trouble`',
      eventsOf(`Server-sent events; \`snapshot\` has the body of GET ${verbs}`),
      (arriving, planes) =>
        planes.controlPlane().stream(arriving, async () => (await of(arriving.path, planes)).control.facts.split),
    ),
  ];
}
