import { hash } from 'node:crypto';
import type { IdempotencyKey } from '@/lib/gateway/request/idempotency-store';
import type { Incoming } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { textFault } from './sluice/plain-request';

interface Keyed {
  readonly incoming: Incoming;
  readonly caller: string;
  readonly wanted: { readonly split?: string };
}

/** What a key and a body are known by. The key is the caller's, by whatever header the caller was known. */
export function idempotencyKeyOf(key: string, { incoming, caller, wanted }: Keyed): IdempotencyKey {
  const fault = textFault(key, 255);
  if (fault) throw new Problem(422, 'idempotency-key-invalid', `The Idempotency-Key ${fault}.`);
  const { split, ...rest } = wanted;
  // The split counts as it was asked for, by either way; what was asked for without one stays what it was.
  const slug = split ?? incoming.header('x-sluice-split');
  const body = slug === null ? rest : { ...rest, split: slug };
  const bodyHash = digest(incoming.path, JSON.stringify(body));
  return { keyHash: digest(caller, key), bodyHash, requestId: incoming.requestId };
}

function digest(...parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts));
}
