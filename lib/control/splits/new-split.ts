import { Refusal } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { atomically, isOpen, limitWaits } from '@/lib/postgres/transaction';
import type { ArmEntry, SplitEntry } from '@/lib/registry/registry';
import { putArm, putSplit } from '@/lib/registry/write-registry';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import type { Judged } from '@/lib/split/policy/metrics';
import type { Policy } from '@/lib/split/policy/policy';
import { readPolicyValue } from '@/lib/split/policy/read-policy';
import { atBaseline, usualPlan, usualRelayPlan } from '@/lib/split/policy/usual-plan';
import { usualKey } from '@/lib/split/split-key';
import type { Weights } from '@/lib/split/weights';
import { flagStore } from '../flags/flag-store';
import { settleWrite } from '../verbs/settle-write';

export interface NewSplit {
  readonly slug: string;
  readonly kind: SplitEntry['kind'];
  /** Left out: made from the slug. */
  readonly key?: string | undefined;
  readonly label?: string | undefined;
  readonly match?: SplitEntry['match'] | undefined;
  readonly isDefault?: boolean | undefined;
  readonly baseline: ArmEntry;
  readonly candidates: readonly ArmEntry[];
  /** As it is written; left out: the plan of the first split for these arms. */
  readonly policy?: unknown;
}

interface SplitMade {
  readonly key: string;
  readonly slug: string;
  /** Of its weights. */
  readonly version: number;
  readonly weights: Weights;
}

const lockMs = 2000;
const statementMs = 8000;

/** A split with its arms, its policy and its weights, all on the baseline: all of it or nothing. */
export async function newSplit(
  db: Sql | Tx,
  asked: NewSplit,
  by: { readonly actor: string; readonly reason: string | null },
): Promise<SplitMade> {
  const { slug, kind, label = slug, match = {}, isDefault = false, baseline, candidates } = asked;
  const key = asked.key ?? usualKey(slug);
  const arms = [baseline, ...candidates];
  return atomically(db, async (tx) => {
    if (!isOpen(db)) await limitWaits(tx, lockMs, statementMs);
    await refuseExisting(tx, key, slug);
    await putSplit(tx, { key, slug, kind, label, match, isDefault }, by);
    for (const arm of arms) await putArm(tx, key, arm, by);
    const policy = policyOf(asked, await judgedAs(tx, key));
    const flags = flagStore(tx, key);
    const write = { ...by, expectedVersion: 0 };
    const text = JSON.stringify(formatPolicy(policy));
    settleWrite(await flags.writePolicy(text, { ...write, verb: 'policy' }), 'policy-invalid', 0);
    const weights = atBaseline(
      baseline.name,
      candidates.map(({ name }) => name),
    );
    const { version } = settleWrite(
      await flags.writeWeights(weights, { ...write, verb: 'weights' }),
      'weights-invalid',
      0,
    );
    return { key, slug, version, weights };
  });
}

/** By its kind, and by what its arms speak where it is a relay. */
async function judgedAs(tx: Tx, key: string): Promise<Judged> {
  const [row] = await tx<{ judged: Judged }[]>`select sluice.judged_as(${key}) as judged`;
  return row?.judged ?? 'image';
}

/** The usual policy is judged as a given one is: an arm's name may be unfit, or stand twice. */
function policyOf({ kind, policy, baseline, candidates }: NewSplit, judged: Judged): Policy {
  const names = candidates.map(({ name }) => name);
  if (names.length === 0) throw new Refusal('policy-invalid', 'A split needs a candidate beside its baseline.');
  const value = policy ?? formatPolicy((kind === 'relay' ? usualRelayPlan : usualPlan)(baseline.name, names, judged));
  const reading = readPolicyValue(value, [baseline.name, ...names], 'shipped', judged);
  if (!reading.ok) throw new Refusal('policy-invalid', `${reading.faults.join('; ')}.`, { faults: reading.faults });
  const { baseline: named } = reading.policy;
  if (named === baseline.name) return reading.policy;
  const detail = `The policy's baseline is "${named}" and the split's "${baseline.name}"; name the same arm in both.`;
  throw new Refusal('policy-invalid', detail);
}

async function refuseExisting(tx: Tx, key: string, slug: string): Promise<void> {
  const [taken] = await tx<{ key: string; slug: string; archived: boolean }[]>`
    select s.key, s.slug, s.archived_at is not null as archived from sluice.splits s
    where s.key = ${key} or s.slug = ${slug} limit 1`;
  if (taken === undefined) return;
  const archived = taken.archived ? ' (archived)' : '';
  const detail = `The split "${slug}" was not made: ${taken.key} with slug "${taken.slug}"${archived} is there already.`;
  throw new Refusal('split-exists', detail, { key: taken.key, slug: taken.slug });
}
