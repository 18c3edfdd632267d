import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** `.env.local` before `.env`; what the shell has set wins over both. */
export function loadEnvFiles(root: string, into: NodeJS.ProcessEnv = process.env): void {
  for (const name of ['.env.local', '.env']) {
    const file = join(root, name);
    if (existsSync(file)) Object.assign(into, { ...variablesOf(file), ...into });
  }
}

/** Without the byte-order mark of Windows editors: it would be taken for a part of the first name. */
function variablesOf(file: string): NodeJS.Dict<string> {
  return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
}
