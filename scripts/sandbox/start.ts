import { type AdapterName, adapterNames, adapters } from '@/lib/gateway/providers/adapters';
import type { FaultChange } from '@/lib/gateway/providers/sandbox/faults';
import type { SandboxJob } from '@/lib/gateway/providers/sandbox/jobs/job-book';
import { serveVendor, type VendorServer } from './server';

type SandboxOptions = {
  /** 0: any free port. */
  readonly [name in `${AdapterName}Port`]?: number;
} & { readonly seed?: number };

/** Where each vendor is played, and the only key that it lets in. */
export type SandboxAddresses = { readonly [name in `${AdapterName}${'Url' | 'Key'}`]: string };

/** The environment's word for the port of one of them. */
export const portVariable = (name: AdapterName) => `SANDBOX_${name.toUpperCase()}_PORT`;

export interface Sandbox extends SandboxAddresses {
  /** Changes what is named and leaves the rest. */
  control(provider: AdapterName, change: FaultChange): void;
  restore(provider: AdapterName): void;
  counters(provider: AdapterName): Readonly<Record<string, number>>;
  /** Of the last inference that it was asked for. */
  lastBody(provider: AdapterName): unknown;
  lastHeaders(provider: AdapterName): Readonly<Record<string, unknown>>;
  /** What it has taken on, with how often each was asked for. */
  jobs(provider: AdapterName): readonly SandboxJob[];
  close(): Promise<void>;
}

/** A server for each adapter that ships. */
export async function startSandbox({ seed = 1, ...ports }: SandboxOptions = {}): Promise<Sandbox> {
  const started = await Promise.allSettled(
    adapterNames.map((name, at) => {
      const { vendor, key } = adapters[name].sandbox;
      return serveVendor(vendor(), ports[`${name}Port`] ?? 0, key, seed + at);
    }),
  );
  const all = started.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const close = async () => {
    await Promise.all(all.map((server) => server.close()));
  };
  const failed = started.find((each) => each.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const servers = Object.fromEntries(adapterNames.map((name, at) => [name, all[at]])) as Record<
    AdapterName,
    VendorServer
  >;
  const addresses = adapterNames.flatMap((name) => [
    [`${name}Url`, servers[name].url],
    [`${name}Key`, servers[name].key],
  ]);
  return {
    ...(Object.fromEntries(addresses) as SandboxAddresses),
    control: (provider, change) => servers[provider].control(change),
    restore: (provider) => servers[provider].restore(),
    counters: (provider) => servers[provider].counters(),
    lastBody: (provider) => servers[provider].lastBody(),
    lastHeaders: (provider) => servers[provider].lastHeaders(),
    jobs: (provider) => servers[provider].jobs(),
    close,
  };
}
