import type { Names } from '@/lib/operations/ports/data-plane';
import type { Sql } from './connection';
import { withDeadline } from './deadline';
import { type LastGood, readPolicyRow } from './policy-reader';
import { registeredProviders } from './provider-registry';

const withinMs = 2000;

/** Who is baseline and candidate by the policy in force, and whom weights may name. */
export async function readNames(sql: Sql, lastGood: LastGood): Promise<Names> {
  const [{ policy }, registered] = await Promise.all([
    withDeadline(readPolicyRow(sql, lastGood), withinMs, 'reading the policy'),
    withDeadline(registeredProviders(sql), withinMs, 'reading the provider registry'),
  ]);
  return {
    baseline: policy.baseline,
    candidate: policy.candidate,
    registered: registered.map(({ name }) => name),
    deprecated: registered.filter(({ deprecated }) => deprecated).map(({ name }) => name),
  };
}
