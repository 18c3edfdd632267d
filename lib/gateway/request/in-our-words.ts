import type { ErrorKind } from '../providers/provider';

const words: Readonly<Record<ErrorKind, string>> = {
  local: 'this machine could not call it',
  queue_timeout: 'every connection of ours to it is in use',
  cut: 'this process ends',
  timeout: 'it does not answer in time',
  connect: 'it cannot be reached',
  tls: 'there is no secure connection to it',
  auth: 'it refuses our key',
  rate_limited: 'it asks for a pause',
  content_policy: 'it refuses prompts',
  rejected: 'it refuses our requests',
  provider_5xx: 'it answers with errors',
  gateway_timeout: 'its own gateway gives up waiting',
  malformed: 'its answers cannot be read',
  truncated: 'its answers are cut off',
  intercepted: 'something in between answers in its place',
  empty: 'its answers hold no image',
  balance: 'our balance there is used up',
};

/** What anybody may read of a fault: its kind in a sentence of ours. A provider's own text may name accounts and hosts. */
export function inOurWords(_said: string, kind: ErrorKind | null): string {
  return kind === null ? 'the probe failed' : words[kind];
}
