import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const alias = { '@': root.replace(/\/$/, '') };
const project = (name: string, include: string[], more: object = {}) => ({
  root,
  resolve: { alias },
  test: {
    ...{
      name,
      include,
      environment: 'node' as const,
      setupFiles: ['test/support/fresh-process.ts', 'test/support/no-stray-errors.ts'],
    },
    // What is waited for comes on a busy machine too; how soon is for the benches to say.
    expect: { poll: { timeout: 20_000 } },
    ...more,
  },
});
const onPostgres = { globalSetup: ['test/support/global-postgres.ts'], testTimeout: 60_000, hookTimeout: 60_000 };

// unit: no process, no socket. integration (*.int.test.ts): real embedded Postgres, real HTTP servers.
// e2e: a real browser. clients: the vendors' own clients, call by call. faults: real faults, injected on purpose.
export default defineConfig({
  root,
  test: {
    // Most files wait more than they work.
    maxWorkers: 3,
    projects: [
      {
        ...project('unit', ['test/**/*.test.ts', 'test/**/*.test.tsx']),
        test: {
          ...project('unit', ['test/**/*.test.ts', 'test/**/*.test.tsx']).test,
          // Property tests are long on a busy machine; nothing here is timed.
          testTimeout: 60_000,
          isolate: false,
          exclude: ['test/**/*.int.test.ts', 'test/e2e/**', 'test/faults/**', 'test/clients/**'],
        },
      },
      project('integration', ['test/**/*.int.test.ts'], {
        ...onPostgres,
        isolate: false,
        exclude: ['test/e2e/**', 'test/faults/**'],
      }),
      project('e2e', ['test/e2e/**/*.test.ts'], {
        ...onPostgres,
        testTimeout: 120_000,
        hookTimeout: 240_000,
        fileParallelism: false,
      }),
      project('clients', ['test/clients/**/*.test.ts'], { ...onPostgres, fileParallelism: false }),
      project('faults', ['test/faults/**/*.test.ts'], {
        ...onPostgres,
        testTimeout: 120_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
    ],
  },
});
