import type { Fields } from '../models/image-request';
import type { Provider } from './provider';
import type { Vendor } from './sandbox/vendor';
import type { ProviderSettings } from './settings';

/** Everything that is special about one vendor's wire format. A provider is a row that names one of these. */
export interface Adapter {
  /** Where a provider is called whose row names no address. */
  readonly usualUrl: string;
  create(settings: ProviderSettings): Provider;
  /** Names at the top of a body that are ours to say: ids, costs, how the answer comes. */
  readonly own: ReadonlySet<string>;
  /** What its models usually take; for a row that says nothing of its parameters. */
  readonly usualParams: Fields;
  /** What plays this vendor, and the only key that it lets in. */
  readonly sandbox: { readonly key: string; readonly vendor: () => Vendor };
}
