import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { splitStatements } from './split-statements';

export interface Migration {
  readonly version: string;
  readonly name: string;
  readonly file: string;
  readonly statements: readonly string[];
}

export function readMigrations(folder = resolve('supabase/migrations')): Migration[] {
  const files = readdirSync(/* turbopackIgnore: true */ folder)
    .filter((file) => /^\d{14}_.+\.sql$/.test(file))
    .sort();
  const versions = files.map((file) => file.slice(0, 14));
  const twice = versions.find((version, at) => versions.indexOf(version) !== at);
  // The ledger knows versions only: the second one would be taken for applied.
  if (twice !== undefined) throw new Error(`${folder} holds two migrations of the version ${twice}; give one another`);
  return files.map((file) => {
    const [version = '', name = ''] = basename(file, '.sql').split(/_(.*)/s);
    const text = readFileSync(/* turbopackIgnore: true */ join(/* turbopackIgnore: true */ folder, file), 'utf8');
    return { version, name, file, statements: splitStatements(text) };
  });
}
