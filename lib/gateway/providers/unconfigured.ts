import type { Provider } from './provider';
import { notConfigured } from './unserved';

/** A provider that is registered and cannot be called, whatever its key: it is seen in health, and given nothing. */
export function unconfigured(name: string, whyNot: string): Provider {
  return {
    name,
    configured: false,
    whyNot,
    generate: async ({ model }) => notConfigured(name, model.id, whyNot),
    probe: async () => ({ ok: false, latencyMs: 0, error: whyNot, errorKind: 'auth' }),
    close: async () => undefined,
  };
}
