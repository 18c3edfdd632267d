import { whatIf } from '@/lib/control/scene/what-if';
import { controlBody, type Fields } from '@/lib/http/body/control-body';
import { json } from '@/lib/http/message';
import { spanOf } from '@/lib/http/query';
import { route } from '@/lib/http/route';
import { controlPlane } from '@/lib/process/web';

/** The span's fields are those of the queries, so they are read by the same rules. */
function spanFields({ window, from, to }: Fields): URLSearchParams {
  const given = Object.entries({ window, from, to }).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: async (arriving) => {
    const plane = controlPlane();
    await plane.guard(arriving, 'viewer');
    const body = controlBody(await arriving.received());
    const span = spanOf(spanFields(body), '24h');
    const { nowMs } = await plane.control.flags.readSplit();
    return json(200, await whatIf(plane.control, { policy: body.policy ?? null, ...span(nowMs) }));
  },
});
