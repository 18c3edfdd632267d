import { createFal } from '@/lib/gateway/providers/fal/fal';
import type { ImageRequest, Provider } from '@/lib/gateway/providers/provider';
import { createRunware } from '@/lib/gateway/providers/runware/runware';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';

export const request: ImageRequest = {
  prompt: 'a lock gate at dawn',
  width: 1024,
  height: 768,
  n: 1,
  requestId: 'r-1',
};

export interface Sandboxed {
  readonly sandbox: Sandbox;
  readonly providers: Readonly<Record<'fal' | 'runware', Provider>>;
  close(): Promise<void>;
}

/** Both adapters against a sandbox that answers at once. */
export async function openSandboxed(): Promise<Sandboxed> {
  const sandbox = await startSandbox();
  sandbox.control('fal', { latencyMs: 0 });
  sandbox.control('runware', { latencyMs: 0 });
  const providers = {
    fal: createFal({ key: sandbox.falKey, baseUrl: sandbox.falUrl }),
    runware: createRunware({ key: sandbox.runwareKey, baseUrl: sandbox.runwareUrl }),
  };
  return {
    sandbox,
    providers,
    async close() {
      await Promise.all([providers.fal.close(), providers.runware.close()]);
      await sandbox.close();
    },
  };
}
