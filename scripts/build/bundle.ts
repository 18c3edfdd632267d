import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The processes that run from the bundle: they start in half the time and memory that tsx needs. */
const processes = ['web', 'watchdog', 'sandbox'] as const;

/** What people start, each from a bundle of its own. */
export const programs = ['start', 'sluice', 'migrate'] as const;

/** Made aside and moved there file by file: a process that starts meanwhile finds the old ones or the new, never half. */
export async function bundleProcesses(root: string, outdir: string): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  const fresh = mkdtempSync(join(outdir, 'new-'));
  try {
    await bundleInto(root, fresh);
    const files = readdirSync(fresh);
    // What the entries import goes first; its names say what is in it.
    const isEntry = (file: string) => processes.some((name) => file === `${name}.mjs`);
    for (const file of files.sort((a, b) => Number(isEntry(a)) - Number(isEntry(b))))
      renameSync(join(fresh, file), join(outdir, file));
    for (const file of readdirSync(outdir)) {
      if (/^chunk-.*\.mjs$/.test(file) && !files.includes(file)) rmSync(join(outdir, file), { force: true });
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function bundleInto(root: string, outdir: string): Promise<void> {
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
