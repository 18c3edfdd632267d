import { hash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './project-root';

// npm run migrate:seal   a migration that is new will land: from now on it is never edited again
const seals = join(root, 'supabase/migrations.sha256');
const folder = join(root, 'supabase/migrations');
const known = readFileSync(seals, 'utf8');
for (const file of readdirSync(folder).sort()) {
  if (known.includes(`  ${file}\n`)) continue;
  appendFileSync(seals, `${hash('sha256', readFileSync(join(folder, file)))}  ${file}\n`);
  console.log(`sealed ${file}`);
}
