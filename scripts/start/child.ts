import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../project-root';

export const endWithParent = join(root, 'scripts/start/end-with-parent.mjs');
const firstPauseMs = 500;
const longestPauseMs = 30_000;
/** A child that stayed up this long has recovered: the next crash starts again with a short pause. */
const recoveredMs = 60_000;

/** Most memory of a request is free when it ends: a larger young generation of the heap is collected half as often, and less survives. */
export const nodeFlags = ['--enable-source-maps', '--max-semi-space-size=32'] as const;

export interface ChildOptions {
  readonly name: string;
  readonly file: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The variables of ours it is given beside `env`; left out, all of them. */
  readonly inherits?: readonly string[];
  readonly cwd: string;
  /** Words of its command line, asked for at each start. */
  readonly args?: () => readonly string[];
  /** Where it writes: a file, or our own output when left out. */
  readonly output?: number | 'inherit';
  /** Its lines of standard output are given to this instead. */
  readonly onLine?: (line: string) => void;
  readonly onMessage?: (message: unknown) => void;
  readonly say: (line: string) => void;
}

/** A process that is started again when it ends by itself, with a growing pause, until `stop`. */
export class Child {
  private process: ChildProcess | null = null;
  private stopping = false;
  private pauseMs = firstPauseMs;
  private timer: NodeJS.Timeout | null = null;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: ChildOptions) {}

  get pid(): number | undefined {
    return this.process?.pid;
  }

  start(): void {
    const { name, file, env, inherits, cwd, args, output = 'inherit', onLine, onMessage, say } = this.options;
    const startedAt = performance.now();
    // Its own process group: a Ctrl-C in the terminal reaches the supervisor alone, which then ends things in order.
    const child = spawn(process.execPath, [...nodeFlags, '--import', endWithParent, file, ...(args?.() ?? [])], {
      cwd,
      env: { ...inherited(inherits), ...env } as NodeJS.ProcessEnv,
      stdio: ['ignore', onLine ? 'pipe' : output, output, 'ipc'],
      detached: true,
    });
    this.process = child;
    if (onLine) readLines(child, onLine);
    if (onMessage) child.on('message', onMessage);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => say(`${name} could not be started: ${error.message}`));
      child.once('close', (code, signal) => {
        this.process = null;
        resolve();
        if (!this.stopping) this.again(performance.now() - startedAt, signal ?? `code ${code}`);
      });
    });
  }

  /** Nothing is said to one that is just being started again: it is told at its start. */
  send(message: object): void {
    if (this.process?.connected) this.process.send(message, () => undefined);
  }

  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const child = this.process;
    if (!child) return;
    child.kill('SIGTERM');
    const last = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(last);
  }

  private again(livedMs: number, how: string): void {
    if (livedMs > recoveredMs) this.pauseMs = firstPauseMs;
    this.options.say(`${this.options.name} ended with ${how}; starting it again in ${this.pauseMs / 1000} s`);
    this.timer = setTimeout(() => this.start(), this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, longestPauseMs);
  }
}

function inherited(names: readonly string[] | undefined): NodeJS.Dict<string> {
  if (names === undefined) return process.env;
  return Object.fromEntries(names.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined));
}

function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
