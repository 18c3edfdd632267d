import { join } from 'node:path';
import { build } from 'esbuild';

/** The processes that run from the bundle: they start in half the time and memory that tsx needs. */
export const processes = ['web', 'watchdog', 'sandbox'] as const;

export async function bundleProcesses(root: string, outdir: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(processes.map((name) => [name, join(root, 'scripts', `${name}.ts`)])),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'warning',
  });
}
