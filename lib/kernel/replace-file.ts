import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** All or nothing: a reader sees the old text or the new one, and no other user can read either. */
export async function replaceFile(path: string, text: string): Promise<void> {
  // Others may walk through the data folder (the user of Postgres must), not read what is ours in it.
  mkdirSync(dirname(path), { recursive: true, mode: 0o711 });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path);
}
