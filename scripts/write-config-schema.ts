import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema } from '@/lib/as-code/file/json-schema';
import { root } from './project-root';

// Writes docs/sluice.schema.json, by which editors complete sluice.yaml; a test says when it is behind.
writeFileSync(join(root, 'docs/sluice.schema.json'), `${JSON.stringify(configSchema(), null, 2)}\n`);
