import type { Role } from '@/lib/api/roles';
import type { Call, ControlRoute, Description, Line, Rest } from '@/lib/doors/route';
import { readFields } from '@/lib/http/body/read-fields';
import { ifMatch, optionalIfMatch } from '@/lib/http/if-match';
import type { Arriving, Outgoing } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { readQuery } from '@/lib/http/read-query';
import { excerpt } from '@/lib/kernel/excerpt';
import type { Planes } from './planes';

/** A route for a role: who calls is asked first, by the same word that describes it, and only then is the rest read. */
export function guarded<const R extends Rest>(
  line: Line,
  role: Role,
  summary: string,
  rest: R,
  handle: (call: Call<R>, planes: Planes) => Promise<Outgoing>,
): ControlRoute<Planes> {
  const route = open(line, role, summary, rest, async (arriving, planes) => {
    const actor = await planes.controlPlane().guard(arriving, role);
    const id = route.path.includes('{id}') ? idIn(arriving.path, route.path) : 0;
    const read = await readBody(route, arriving);
    const version = versionIn(route, arriving);
    const query = route.query && readQuery(route.query, arriving.query);
    const call = { arriving, actor, id, query, body: read?.value, text: read?.text ?? '', version };
    return handle(call as Call<R>, planes);
  });
  return route;
}

/** A route whose handler asks by itself who calls, or needs not to know. */
export function open(
  line: Line,
  access: Description['access'],
  summary: string,
  rest: Rest,
  handle: ControlRoute<Planes>['handle'],
): ControlRoute<Planes> {
  const [method, path] = line.split(' ') as [Description['method'], string];
  return { method, path, access, summary, ...rest, handle };
}

function versionIn({ ifMatch: wanted, path, versionAt = path }: Description, arriving: Arriving): number | null {
  if (wanted === undefined) return null;
  return wanted === 'required' ? ifMatch(arriving, versionAt) : optionalIfMatch(arriving);
}

async function readBody({ body, reading }: Description, arriving: Arriving) {
  return body && readFields(body, await arriving.received(), { invalid: 'body-invalid', ...reading });
}

/** The number that stands for `{id}` in a path: `/api/journal/41` → 41. */
function idIn(path: string, pattern: string): number {
  const text = path.split('/')[pattern.split('/').indexOf('{id}')] ?? '';
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Problem(404, 'not-found', `There is nothing at ${excerpt(path)}: an id is a whole number.`);
}
