import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/**
 * `.env.local` before `.env`; what the shell has set wins over both. Every program of ours reads them, so that none acts
 * on another database than `npm start`. Tells which file a variable came from.
 */
export function loadEnvFiles(root: string, into: NodeJS.ProcessEnv = process.env): ReadonlyMap<string, string> {
  const from = new Map<string, string>();
  for (const name of ['.env.local', '.env']) {
    const file = join(root, name);
    if (!existsSync(file)) continue;
    const found = variablesOf(file);
    for (const key of Object.keys(found)) if (!(key in into)) from.set(key, name);
    Object.assign(into, { ...found, ...into });
  }
  return from;
}

/** Without the byte-order mark of Windows editors: it would be taken for a part of the first name. */
function variablesOf(file: string): NodeJS.Dict<string> {
  return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
}
