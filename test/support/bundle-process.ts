import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFolder } from '@/scripts/build/build-if-stale';
import { nodeFlags } from '@/scripts/start/child';

export interface BundleProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Its lines so far, the last 64 kB of them. */
  output(): string;
  /** The first match in what it says, from the start on. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  /** SIGTERM, and its end. */
  stop(): Promise<void>;
  /** SIGKILL, and its end. */
  kill(): Promise<void>;
}

export interface BundleOptions {
  readonly env: Readonly<Record<string, string>>;
  /** A module loaded before everything else, such as `shift-clock.mjs` beside this file. */
  readonly preload?: string;
}

const preloads = fileURLToPath(new URL('.', import.meta.url));

/** A built process as `npm start` runs it; ended with this process at the latest. */
export function startBundle(
  root: string,
  name: 'web' | 'watchdog',
  { env, preload }: BundleOptions,
): Promise<BundleProcess> {
  const before = preload === undefined ? [] : ['--import', join(preloads, preload)];
  const child = spawn(process.execPath, [...nodeFlags, ...before, join(bundleFolder(root), `${name}.mjs`)], {
    cwd: root,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const gone = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => {
      process.off('exit', endWithUs);
      resolve(signal ?? code ?? 0);
    }),
  );
  let output = '';
  const read = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-64_000);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) resolve(match);
      };
      look();
      child.stdout.on('data', look);
      void gone.then((how) => reject(new Error(`The ${name} ended with ${how}:\n${output.slice(-4000)}`)));
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () =>
      resolve({
        pid: child.pid ?? 0,
        child,
        output: () => output,
        said,
        stop: () => end('SIGTERM'),
        kill: () => end('SIGKILL'),
      }),
    );
  });
}
