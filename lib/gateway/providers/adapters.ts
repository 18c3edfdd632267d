import type { providerAdapters } from '@/lib/registry/adapter-names';
import type { Adapter } from './adapter';
import { aimlapi } from './aimlapi/adapter';
import { fal } from './fal/adapter';
import { kling } from './kling/adapter';
import { openai } from './openai/adapter';
import { relay } from './relay/adapter';
import { runware } from './runware/adapter';

/** One folder, one word here and one in `providerAdapters` an adapter. */
export const adapters = { fal, runware, openai, kling, aimlapi, relay } as const satisfies Readonly<
  Record<(typeof providerAdapters)[number], Adapter>
>;

export type AdapterName = keyof typeof adapters;

export const adapterNames = Object.keys(adapters) as readonly AdapterName[];

/** null: there is no code here that speaks its wire format. */
export function adapterOf(name: string | null): Adapter | null {
  return name !== null && isAdapter(name) ? adapters[name] : null;
}

export function isAdapter(name: string): name is AdapterName {
  return Object.hasOwn(adapters, name);
}

/** The only keys that the sandbox lets in. */
export const sandboxKeys = Object.fromEntries(
  adapterNames.map((name) => [name, adapters[name].sandbox.key]),
) as Readonly<Record<AdapterName, string>>;
