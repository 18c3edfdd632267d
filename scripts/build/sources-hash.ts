import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Everything the build is made from; a change in any of it makes the build stale. */
const sources = [
  'app',
  'lib',
  'scripts',
  'supabase/migrations',
  'next.config.ts',
  'tsconfig.json',
  'package-lock.json',
  '.postcssrc.json',
];

export function sourcesHash(root: string): string {
  const hash = createHash('sha256');
  for (const source of sources) add(join(root, source), source, hash);
  hash.update(process.version);
  return hash.digest('hex');
}

function add(path: string, name: string, hash: ReturnType<typeof createHash>): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    hash.update(`${name}\0${stat.size}\0`).update(readFileSync(path));
    return;
  }
  for (const entry of readdirSync(path).sort()) add(join(path, entry), `${name}/${entry}`, hash);
}
