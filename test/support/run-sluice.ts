import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm run sluice -- …` as a process of its own. */
export function runSluice(
  args: readonly string[],
  options: {
    readonly databaseUrl?: string | undefined;
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ran> {
  const { DATABASE_URL: _ours, ...env } = process.env;
  const given = options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/sluice/bin.mjs', ...args], {
      cwd: root,
      env: { ...env, SLUICE_DATA_DIR: '/nonexistent', ...given, ...options.env },
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
