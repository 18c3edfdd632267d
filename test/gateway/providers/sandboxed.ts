import type { VendorRequest } from '@/lib/gateway/models/compile-model';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { Models } from '@/lib/gateway/models/models';
import { type AdapterName, adapterNames, adapters } from '@/lib/gateway/providers/adapters';
import type { Provider } from '@/lib/gateway/providers/provider';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { provider, row } from '../models/rows';

export const request: ImageRequest = {
  prompt: 'a lock gate at dawn',
  width: 1024,
  height: 768,
  n: 1,
  requestId: 'r-1',
};

/** Those that make images within the call. */
export const imageAdapters = ['fal', 'runware', 'openai'] as const satisfies readonly AdapterName[];

/** These ship no rows: a provider of their adapters brings its own. */
const furtherRows = [
  row(
    'flux-schnell',
    'openai',
    { prompt: { to: 'prompt', required: true }, n: { to: 'n', max: 1 } },
    { providerModel: 'dall-e-3' },
  ),
  row(
    'gpt-image-1',
    'openai',
    {},
    {
      providerModel: 'gpt-image-1',
      price: { usd: 0.04, by: ['quality'], at: { '1024x1024 high': 0.17 } },
    },
  ),
  row(
    'video',
    'kling',
    {},
    { providerModel: 'kling-v2-5-turbo', fixed: { mode: 'pro' }, price: { usd: 0.07, per: 'second' } },
  ),
  row('video-of-many', 'kling', {}, { providerModel: 'multi-image2video/kling-v1-6' }),
  row('video', 'aimlapi', {}, { providerModel: 'klingai/v2.5-turbo/pro/text-to-video', price: {} }),
];
const models = new Models(
  [...shippedRegistry.models, ...furtherRows],
  [...shippedRegistry.providers, provider('openai'), provider('kling'), provider('aimlapi')],
);

/** A request as a provider is told it. */
export function vendorRequest(provider: string, wanted: ImageRequest = request): VendorRequest {
  const model = models.of(provider, wanted.model);
  if (model === null) throw new Error(`${provider} has no model ${wanted.model}`);
  return { model, request: wanted, fields: model.tell(wanted).fields };
}

export interface Sandboxed {
  readonly sandbox: Sandbox;
  readonly providers: Readonly<Record<AdapterName, Provider>>;
  close(): Promise<void>;
}

/** Every adapter against a sandbox that answers at once. */
export async function openSandboxed(): Promise<Sandboxed> {
  const sandbox = await startSandbox();
  for (const name of adapterNames) sandbox.control(name, { latencyMs: 0 });
  const made = adapterNames.map((name) => {
    const at = { key: sandbox[`${name}Key`], baseUrl: sandbox[`${name}Url`] };
    return [name, adapters[name].create(at)] as const;
  });
  const providers = Object.fromEntries(made) as Record<AdapterName, Provider>;
  return {
    sandbox,
    providers,
    async close() {
      await Promise.all(made.map(([, each]) => each.close()));
      await sandbox.close();
    },
  };
}
