import { Child } from './child';

interface Urls {
  readonly falUrl: string;
  readonly runwareUrl: string;
}

export interface SandboxChild {
  readonly child: Child;
  readonly urls: Urls;
}

/** Starts the simulated providers and waits for the line that says where they listen. */
export function startSandboxChild(options: {
  file: string;
  cwd: string;
  env: Record<string, string>;
  say: (line: string) => void;
}): Promise<SandboxChild> {
  const env: Record<string, string> = { ...options.env };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the sandbox providers did not start within 20 s')), 20_000);
    const child = new Child({
      name: 'sandbox',
      ...options,
      env,
      onLine: (line) => {
        const urls = readUrls(line);
        if (urls === null) return console.log(line);
        clearTimeout(timer);
        // A sandbox that is started again must be found where it was.
        env.SANDBOX_FAL_PORT = new URL(urls.falUrl).port;
        env.SANDBOX_RUNWARE_PORT = new URL(urls.runwareUrl).port;
        resolve({ child, urls });
      },
    });
    child.start();
  });
}

function readUrls(line: string): Urls | null {
  try {
    const read = JSON.parse(line);
    return typeof read?.falUrl === 'string' && typeof read?.runwareUrl === 'string' ? read : null;
  } catch {
    return null;
  }
}
