import { incident } from '@/lib/api/answers/incident';
import { readIncident } from '@/lib/charts/incident/read-incident';
import { type ControlRoute, ok } from '@/lib/doors/route';
import { json } from '@/lib/http/respond';
import { guarded } from '../guarded';
import { splitAt } from '../place';
import type { Planes } from '../planes';

/** A rollback, put together for the people who look into it afterwards. */
export const incidentRoutes: readonly ControlRoute<Planes>[] = [
  guarded(
    'GET /api/splits/{slug}/incidents/{id}',
    'viewer',
    "One rollback by its number in the journal of the split's weights: verdict, who was hurt, what changed before, what came after",
    ok(incident),
    async ({ arriving, id }, planes) =>
      json(200, await readIncident(await splitAt(arriving.path, planes.controlPlane().controls), id)),
  ),
];
