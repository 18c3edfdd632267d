import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly databaseUrl?: string | undefined;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a line finds in its environment: ours without our database, and what the test says. */
export function environmentOf({ databaseUrl, env: more }: RunOptions): NodeJS.ProcessEnv {
  const { DATABASE_URL: _ours, ...env } = process.env;
  const given = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  return { ...env, SLUICE_DATA_DIR: '/nonexistent', ...given, ...more };
}

/** `npm run sluice -- …` as a process of its own. Where that is not the point, `sluiceLine` says the same sooner. */
export function runSluice(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/sluice/bin.mjs', ...args], {
      cwd: root,
      env: environmentOf(options),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.stdin ?? '');
  });
}
