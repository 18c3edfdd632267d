import type { Handler } from '@/lib/http/message';
import type { Entry } from '@/lib/http/respond';
import { type ControlRoute, controlLimitBytes } from './route';

/** What answers a path; null: nothing does. */
export type FindEntry = (path: string) => Entry | null;

/** The routes by their paths, each bound to the planes that it answers by. */
export function routeFinder<Planes>(routes: readonly ControlRoute<Planes>[], planes: Planes): FindEntry {
  const fixed = new Map<string, Entry>();
  const filled: { readonly pattern: RegExp; readonly entry: Entry }[] = [];
  for (const [path, entry] of entriesOf(routes, planes)) {
    if (path.includes('{')) filled.push({ pattern: patternOf(path), entry });
    else fixed.set(path, entry);
  }
  return (path) => fixed.get(path) ?? filled.find(({ pattern }) => pattern.test(path))?.entry ?? null;
}

function entriesOf<Planes>(routes: readonly ControlRoute<Planes>[], planes: Planes): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { method, path, limitBytes = controlLimitBytes, handle } of routes) {
    const bound: Handler = (arriving) => handle(arriving, planes);
    const methods = { ...entries.get(path)?.methods, [method]: bound };
    entries.set(path, { limitBytes, methods });
  }
  return entries;
}

/** `/api/journal/{id}`: one part of a path stands for what is in braces. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
