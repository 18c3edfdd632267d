import { falVendor } from '@/lib/gateway/providers/sandbox/fal';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import { runwareVendor } from '@/lib/gateway/providers/sandbox/runware';
import { sandboxKeys } from '@/lib/gateway/providers/sandbox/vendor';
import { serveVendor } from './server';

interface SandboxOptions {
  /** 0: any free port. */
  readonly falPort?: number;
  readonly runwarePort?: number;
  readonly seed?: number;
}

export interface Sandbox {
  readonly falUrl: string;
  readonly runwareUrl: string;
  /** The only keys that the sandbox lets in. */
  readonly falKey: string;
  readonly runwareKey: string;
  /** Changes what is named and leaves the rest. */
  control(provider: 'fal' | 'runware', change: FaultChange): void;
  restore(provider: 'fal' | 'runware'): void;
  counters(provider: 'fal' | 'runware'): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export async function startSandbox({ falPort = 0, runwarePort = 0, seed = 1 }: SandboxOptions = {}): Promise<Sandbox> {
  const fal = await serveVendor(falVendor(), falPort, sandboxKeys.fal, seed);
  const runware = await serveVendor(runwareVendor(), runwarePort, sandboxKeys.runware, seed + 1).catch(
    async (error) => {
      await fal.close();
      throw error;
    },
  );
  const servers = { fal, runware };
  return {
    falUrl: fal.url,
    runwareUrl: runware.url,
    falKey: fal.key,
    runwareKey: runware.key,
    control: (provider, change) => servers[provider].control(change),
    restore: (provider) => servers[provider].restore(),
    counters: (provider) => servers[provider].counters(),
    async close() {
      await Promise.all([fal.close(), runware.close()]);
    },
  };
}
