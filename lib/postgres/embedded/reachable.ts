import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Ids } from './run-as';

/** Whether a user may walk to `path`: a home of mode 0700 hides everything below it from the user Postgres runs as. */
export function reachable(path: string, ids: Ids): boolean {
  if (ids.uid === undefined) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    if (!mayEnter(folder, ids)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayEnter(folder: string, ids: Ids): boolean {
  const { uid, gid, mode } = statSync(folder);
  if (uid === ids.uid) return (mode & 0o100) !== 0;
  if (gid === ids.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
