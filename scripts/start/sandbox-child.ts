import { adapterNames } from '@/lib/gateway/providers/adapters';
import { portVariable, type SandboxAddresses } from '../sandbox/start';
import { Child } from './child';

/** It plays strangers' servers: of our environment it gets what a program needs to run, and no secret. */
const inherits = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot', 'TZ', 'NODE_ENV', ...adapterNames.map(portVariable)];

interface SandboxChildOptions {
  readonly file: string;
  readonly cwd: string;
  readonly output: number | 'inherit';
  readonly say: (line: string) => void;
  readonly note: (line: string) => void;
  /** Told of it at once: who ends meanwhile must end it too. */
  readonly onStart: (child: Child) => void;
}

/** Starts the simulated providers and waits for the line that says where they listen. */
export function startSandboxChild({ note, onStart, ...options }: SandboxChildOptions): Promise<SandboxAddresses> {
  const env: Record<string, string> = { NODE_ENV: 'production' };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the sandbox providers did not start within 20 s')), 20_000);
    const child = new Child({
      name: 'sandbox',
      ...options,
      env,
      inherits,
      onLine: (line) => {
        const urls = readUrls(line);
        if (urls === null) return note(line);
        clearTimeout(timer);
        // A sandbox that is started again must be found where it was.
        for (const name of adapterNames) env[portVariable(name)] = new URL(urls[`${name}Url`]).port;
        resolve(urls);
      },
    });
    onStart(child);
    child.start();
  });
}

function readUrls(line: string): SandboxAddresses | null {
  try {
    const read = JSON.parse(line);
    return adapterNames.every((name) => typeof read?.[`${name}Url`] === 'string') ? read : null;
  } catch {
    return null;
  }
}
