import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { environmentOf, type Ran, type RunOptions } from './run-sluice';

const program = fileURLToPath(new URL('sluice-lines.mjs', import.meta.url));
/** Each line leaves its copy of our code in memory. */
const mostLines = 40;

interface Running {
  readonly child: ChildProcess;
  said: string;
  lines: number;
}

export type SluiceLine = (args: readonly string[], options?: RunOptions) => Promise<Ran>;

/**
 * `npm run sluice -- …` in a process that the lines of a file share: a start costs more than most lines do. They run one
 * after another, each with its own copy of our code, its own environment, input and exit code; and when all are done,
 * nothing of them may keep the process alive.
 */
export function sluiceLines(): SluiceLine {
  let running: Running | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const end = async () => {
    const ended = running;
    running = null;
    if (ended !== null) await endAll(ended);
  };
  afterAll(end);
  return (args, options = {}) => {
    const ran = last.then(async () => {
      if (running !== null && (running.lines >= mostLines || running.child.exitCode !== null)) await end();
      running ??= start();
      return run(running, args, options);
    });
    last = ran.catch(() => undefined);
    return ran;
  };
}

function start(): Running {
  const child = fork(program, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const started: Running = { child, said: '', lines: 0 };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      started.said += chunk;
    });
  }
  return started;
}

async function run(running: Running, args: readonly string[], options: RunOptions): Promise<Ran> {
  const { child } = running;
  running.lines++;
  return new Promise<Ran>((resolve, reject) => {
    child.once('message', (said) => {
      child.removeAllListeners('exit');
      resolve(said as Ran);
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`sluice ${args.join(' ')} ended its process with ${signal ?? code}:\n${running.said}`)),
    );
    child.send({ args, env: environmentOf(options), stdin: options.stdin ?? '' });
  });
}

async function endAll(running: Running): Promise<void> {
  const { child } = running;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code, signal] = await ended;
  clearTimeout(late);
  if (signal !== null) throw new Error('Something that a line had opened kept its process alive.');
  if (code !== 0) throw new Error(`The lines' process ended with ${code}:\n${running.said}`);
}
