import type { ProviderResult } from '@/lib/gateway/providers/provider';
import { untracked } from '@/lib/jobs/create-job';
import type { CreateEnd, NewRow } from '@/lib/jobs/order-writes';
import type { Dialect, Pointer } from '@/lib/registry/dialects/dialect';
import type { Incoming } from '../send-on';
import { HeldAnswer } from './held-answer';
import { readMade } from './read-create';
import type { RelayJobs } from './relay-jobs';
import type { Owner, RelayedJob } from './relayed-store';

interface Further {
  readonly incoming: Incoming;
  readonly owner: Owner;
  readonly dialect: Dialect;
  readonly makes: readonly Pointer[];
  /** It is made of this one, and where this one lives. */
  readonly from: RelayedJob;
  /** By the key: its caps hold, though it draws nothing. */
  readonly split: string;
  readonly slug: string;
  /** Of those caps, until it is known what it cost. */
  readonly holdUsd: number | null;
}

const abandonedAfterMs = 360_000;

/**
 * A job that is made of another lives where that one does: no split draws it, and its end counts for no arm. Throws
 * where a cap of its caller's or of the split forbids it: then nothing was sent.
 */
export async function makeFurther(
  jobs: RelayJobs,
  further: Further,
  send: (answer: HeldAnswer) => Promise<ProviderResult>,
): Promise<{ readonly answer: HeldAnswer; readonly result: ProviderResult }> {
  const { incoming, owner, from, dialect, makes } = further;
  const { store, newId, bindings } = jobs.orders;
  const row = rowOf(newId(), further);
  await store.insert(row);
  const answer = new HeldAnswer(incoming.answer);
  const sent = await send(answer);
  const result = readMade({ dialect, id: makes, upstream: from.upstream }, sent, answer.copied);
  const end = endOf(row.id, result, dialect);
  const isTaken = await store.settle(end).catch(() => null);
  if (isTaken === null) await bindings.keep(end);
  const { upstream_id: upstreamId } = end;
  if (upstreamId !== null && isTaken !== 'twin')
    jobs.known.note(owner, { ...from, id: row.id, upstreamId, split: '', state: 'accepted' });
  else if (result.ok) jobs.count(further.slug, from.arm, 'untracked');
  return { answer, result };
}

function rowOf(id: string, { incoming, owner, from, split, holdUsd }: Further): NewRow {
  const { arm, provider, adapter, keyVersion: key_version, baseUrl: base_url } = from;
  return {
    ...{ id, split: '', door: 'relay', caller: owner.caller, user_hash: null, request_id: incoming.requestId },
    ...{
      arm,
      assigned: arm,
      pinned: true,
      stage: null,
      weights_version: null,
      provider,
      adapter,
      key_version,
      base_url,
    },
    ...{ model: 'remix', provider_model: 'remix', hold_usd: holdUsd, remix_of: from.id, webhook_url: null },
    request: { prefix: owner.prefix, path: incoming.target.path.slice(0, 512), of_split: split },
    due_ms: abandonedAfterMs,
  };
}

function endOf(id: string, result: ProviderResult, { pace }: Dialect): CreateEnd {
  const rest = { id, attempts: [], error_kind: null, error: null, first_ms: pace.firstMs, ago_ms: 0 };
  if (result.ok && result.accepted) {
    const { upstreamId, upstream } = result.accepted;
    return { ...rest, state: 'accepted', upstream_id: upstreamId, upstream, charged: 'unknown' };
  }
  const isUnknown = result.ok || result.started !== 'no';
  const fault = result.ok
    ? { upstream: { untracked: true }, error_kind: 'malformed', error: untracked }
    : { upstream: {}, error_kind: result.errorKind, error: result.message };
  return {
    ...rest,
    ...fault,
    state: isUnknown ? 'unknown' : 'refused',
    upstream_id: null,
    charged: isUnknown ? 'unknown' : 'no',
  };
}
