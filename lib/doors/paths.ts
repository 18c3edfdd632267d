import { Problem, problemResponse } from '@/lib/http/problem';
import { type Entries, type Entry, notFound, type WriteProblem } from '@/lib/http/respond';
import { excerpt } from '@/lib/kernel/excerpt';
import { falProblem } from './fal/fal-problem';
import { openaiProblem } from './openai/openai-problem';

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

interface Pattern {
  readonly path: string;
  readonly start: string;
  readonly end: string;
}

/**
 * Finds the path of a route by that of a request. What stands in braces is one part of a path, and at the end the rest
 * of it, slashes and all; of several that fit, the one that says most itself.
 */
export function lineFinder(paths: readonly string[]): (path: string) => string | undefined {
  const exact = new Set(paths.filter((path) => !path.includes('{')));
  const patterns = [...new Set(paths)].filter((path) => path.includes('{')).map(patternOf);
  patterns.sort((a, b) => b.start.length + b.end.length - (a.start.length + a.end.length));
  return (path) => (exact.has(path) ? path : patterns.find((pattern) => fits(pattern, path))?.path);
}

function patternOf(path: string): Pattern {
  return { path, start: path.slice(0, path.indexOf('{')), end: path.slice(path.indexOf('}') + 1) };
}

function fits({ start, end }: Pattern, path: string): boolean {
  if (path.length <= start.length + end.length || !path.startsWith(start) || !path.endsWith(end)) return false;
  return end === '' || !path.slice(start.length, path.length - end.length).includes('/');
}

/** Whatever is refused at a vendor's door, and however early, is said as that vendor's clients read it. */
export function writeProblemAt(path: string): WriteProblem {
  if (path.startsWith('/fal/') || path === '/api/fal/proxy') return falProblem;
  return isOpenaiPath(path) ? openaiProblem : problemResponse;
}
