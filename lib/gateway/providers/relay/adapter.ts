import type { Adapter } from '../adapter';
import { relayVendor, sandboxRelayKey } from '../sandbox/relay';
import { createRelay } from './relay';

/** Whatever is behind it is sent on as it comes; which requests begin jobs, its dialect says. */
export const relay: Adapter = {
  // There is none: every provider of it names its own.
  usualUrl: '',
  create: createRelay,
  own: new Set(),
  usualParams: {},
  sandbox: { key: sandboxRelayKey, vendor: relayVendor },
};
