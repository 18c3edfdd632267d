import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';

/** Makes the data folder; what stands in its way is said with what to do about it. */
export function openDataFolder(dir: string): void {
  try {
    // Others may walk through it, as the user of Postgres must; what is secret in it is closed by itself.
    mkdirSync(dir, { recursive: true, mode: 0o711 });
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(sentence(cause as NodeJS.ErrnoException, dir), { cause });
  }
}

function sentence({ code, message }: NodeJS.ErrnoException, dir: string): string {
  const or = 'or name another folder with SLUICE_DATA_DIR';
  if (code === 'EACCES' || code === 'EPERM') {
    const { username } = userInfo();
    const { folder, owner } = nearest(dir);
    return `Nothing was started: ${username} may not write to ${folder}, which belongs to ${owner}. Give it over (sudo chown -R ${username} ${folder}) ${or}.`;
  }
  if (code === 'EROFS')
    return `Nothing was started: ${dir} is on a file system that is read-only. Make it writable, ${or}.`;
  if (code === 'ENOSPC') return `Nothing was started: the disk of ${dir} is full. Free some space, ${or}.`;
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return `Nothing was started: on the way to ${dir} stands a file. Move it away, ${or}.`;
  return `Nothing was started: the data folder ${dir} cannot be made: ${message}. Mend that, ${or}.`;
}

/** The first folder on the way up that is there: the one that refused. */
function nearest(dir: string): { folder: string; owner: string } {
  for (let folder = dir; ; folder = dirname(folder)) {
    try {
      const { uid } = statSync(folder);
      return { folder, owner: uid === 0 ? 'root' : `user ${uid}` };
    } catch {
      if (folder === dirname(folder)) return { folder, owner: 'another user' };
    }
  }
}
