import { Problem } from '@/lib/http/problem';
import { type Entries, type Entry, notFound } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';

/** Below /v1/: what OpenAI has and this service has not. */
const notOffered =
  /^\/v1\/(?:chat|completions|responses|conversations|embeddings|moderations|audio|images\/variations|files|uploads|batches|realtime|videos\/(?:edits|extensions|characters)|fine_tuning|evals|containers|assistants|threads|vector_stores|organization)(?:\/|$)/;

export const isOpenaiPath = (path: string) => path === '/v1' || path.startsWith('/v1/');

/** What answers a path of the data plane; null: something else may. Below /v1/ nothing else does. */
export function dataEntryAt(entries: Entries, path: string): Entry | null {
  const entry = entries.get(path);
  if (!isOpenaiPath(path)) return entry ?? null;
  const isOffered = !notOffered.test(path);
  if (entry && isOffered) return entry;
  if (isOffered) throw notFound(path);
  const detail = `${excerpt(path)} is OpenAI's, and is not offered here: images and videos are. Nothing was done; ask OpenAI for it.`;
  throw new Problem(501, 'not-offered', detail);
}
