import type { FetchImage } from './fetch-image';
import type { KeyQuestion } from './relay/key-questions';
import type { RelayOptions } from './relay/options';
import type { openUpstream } from './upstream';

/** What a provider is created from; parsed and checked by lib/config. */
export interface ProviderSettings {
  /** Left out: that of its adapter. */
  readonly name?: string | undefined;
  /** null: not configured. */
  readonly key: string | null;
  /** Why it has no key, where there is more to say than that. */
  readonly whyNot?: string | undefined;
  /** An origin, without a path. */
  readonly baseUrl: string;
  /** FAL: where the pricing API lives; left out, the same origin (the sandbox). */
  readonly apiBaseUrl?: string | undefined;
  /** Put before every path, such as `/api`. */
  readonly pathPrefix?: string | undefined;
  /** How a relay speaks to it, or why that cannot be used. */
  readonly relay?: RelayOptions | string | undefined;
  /** Of a relay whose dialect is of one's own: what its key is tried with; null: nothing is. */
  readonly question?: KeyQuestion | null | undefined;
  /** Reads input images for a vendor that takes nothing but bytes; left out, public addresses only. */
  readonly fetchImage?: FetchImage | undefined;
  /** Names of other providers: whether they resolve tells whose fault it is that this one does not. */
  readonly witnesses?: readonly string[] | undefined;
  /** An extra certificate authority, PEM. */
  readonly ca?: string | undefined;
  /** What answers instead of the network: a sandbox in this process. */
  readonly open?: typeof openUpstream | undefined;
}
