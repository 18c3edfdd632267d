import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Ran } from './run-sluice';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ProjectCopy {
  readonly folder: string;
  write(path: string, text: string): void;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
  remove(): void;
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The programs in a folder of their own, as after a clone and npm ci: with files of settings that no other test sees. */
export function projectCopy(): ProjectCopy {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-project-')));
  for (const name of ['lib', 'scripts', 'supabase', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return {
    folder,
    write(path, text) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text, { mode: 0o600 });
    },
    run: (command, args, { cwd = folder, env = {} } = {}) =>
      new Promise((resolve, reject) => {
        const { DATABASE_URL: _, SLUICE_DATA_DIR: __, ...inherited } = process.env;
        const ours = Object.entries(inherited).filter(([name]) => !name.startsWith('npm_'));
        const child = spawn(command, args, { cwd, env: { ...Object.fromEntries(ours), ...env } as NodeJS.ProcessEnv });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (chunk) => {
          stdout += chunk;
        });
        child.stderr.on('data', (chunk) => {
          stderr += chunk;
        });
        child.once('error', reject);
        child.once('close', (code) => resolve({ code, stdout, stderr }));
        child.stdin.end();
      }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
