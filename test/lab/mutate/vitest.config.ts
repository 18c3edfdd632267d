import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import type { Plan } from './plan';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const plan = JSON.parse(readFileSync(String(process.env.SLUICE_MUTATION), 'utf8')) as Plan;

/** The rule with its mutants in place of the rule; the tree itself is never touched. */
const mutated = {
  name: 'mutated',
  enforce: 'pre' as const,
  load: (id: string) => plan.code[id.slice(root.length + 1)] ?? null,
};

export default defineConfig({
  root,
  resolve: { alias: { '@': root } },
  plugins: [mutated],
  test: {
    name: 'mutants',
    include: ['test/lab/mutate/every-test.ts'],
    setupFiles: ['test/lab/mutate/setup.ts'],
    runner: './test/lab/mutate/runner.ts',
    environment: 'node',
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 0,
    teardownTimeout: 1000,
    reporters: ['default'],
  },
});
