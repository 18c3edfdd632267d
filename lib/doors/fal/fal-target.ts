import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';

/** What a call to FAL is for, however it was addressed. */
export type FalTarget =
  | { readonly kind: 'run'; readonly id: string; readonly query: URLSearchParams }
  | { readonly kind: 'queue'; readonly path: string; readonly query: URLSearchParams }
  | { readonly kind: 'upload'; readonly path: string; readonly query: URLSearchParams };

/** The second one of what is put in parts. */
const uploads = /^storage\/upload\/initiate(?:-multipart)?$/;
const modelId = /^[a-z0-9][\w.-]*(?:\/[a-z0-9][\w.-]*){1,5}$/i;

/** The model in a path such as `fal-ai/flux/schnell`. Anything that a server could read in another way is none. */
export function runTarget(id: string, query: URLSearchParams): Extract<FalTarget, { kind: 'run' }> {
  const last = id.split('/').at(-1);
  if (last === 'stream') {
    throw notOffered('Streams are not offered: the answer comes whole. Call run() instead of stream().');
  }
  if (last === 'realtime') throw notOffered(noRealtime);
  if (id.length <= 128 && modelId.test(id) && !id.includes('..')) return { kind: 'run', id, query };
  throw new Problem(404, 'not-found', `'${excerpt(id)}' is no model of the form owner/app.`);
}

const noRealtime = 'Realtime connections are not offered: a split cannot watch them. Call run() instead.';

export function notOffered(detail: string): Problem {
  return new Problem(501, 'not-offered', detail);
}

/** What `x-fal-target-url` names. Only these are known, host by host; the address itself is never called. */
export function targetOf(header: string | null): FalTarget {
  const url = header !== null && header.length <= 4096 && URL.canParse(header) ? new URL(header) : null;
  const isPlain = url && url.protocol === 'https:' && url.username + url.password + url.port + url.hash === '';
  if (!url || !isPlain) throw badTarget(header);
  const path = url.pathname.slice(1);
  if (url.hostname === 'fal.run') return runTarget(path, url.searchParams);
  if (url.hostname === 'queue.fal.run') return { kind: 'queue', path, query: url.searchParams };
  if (url.hostname === 'rest.fal.ai' && uploads.test(path)) return { kind: 'upload', path, query: url.searchParams };
  if (url.hostname === 'rest.fal.ai' && /^tokens\/?/.test(path)) throw notOffered(noRealtime);
  throw badTarget(header);
}

function badTarget(header: string | null): Problem {
  const was = header === null ? 'is missing' : `is '${excerpt(header)}'`;
  const detail =
    `The header x-fal-target-url ${was}; it must be https://fal.run/<owner>/<app>, the same at queue.fal.run, or ` +
    'https://rest.fal.ai/storage/upload/initiate. Nothing was sent to anybody.';
  return new Problem(400, 'bad-target', detail);
}
