import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@/lib/postgres/embedded/free-port';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface StartProcess {
  readonly child: ChildProcess;
  readonly port: number;
  /** All it has printed so far. */
  output(): string;
  /** Resolves with the output once it matches; rejects when the process ends before. */
  says(pattern: RegExp): Promise<string>;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** `npm start` in a data folder and on a port of its own; whatever happens, it ends with this process. */
export async function startProcess(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<StartProcess> {
  const port = Number(env.PORT ?? (await freePort()));
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts/program/run.mjs'), 'start'], {
    cwd: root,
    env: {
      ...inherited,
      ...{ NODE_ENV: 'production', SLUICE_DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' },
      ...{ npm_lifecycle_event: '', ...env },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  const hear = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const each of hear) each();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => process.removeListener('exit', kill));
  const says = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (!pattern.test(output)) return;
        hear.delete(look);
        resolve(output);
      };
      hear.add(look);
      void ended.then((code) => reject(new Error(`It ended with ${code} before it said ${pattern}:\n${output}`)));
      look();
    });
  return { child, port, output: () => output, says, ended };
}
