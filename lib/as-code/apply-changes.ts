import { flagStore } from '@/lib/control/flags/flag-store';
import type { FlagWrite, WriteOutcome } from '@/lib/control/flags/flag-write';
import { jsonText } from '@/lib/kernel/json-text';
import { capital } from '@/lib/kernel/plain-text';
import { Refusal } from '@/lib/kernel/refusal';
import type { Sql, Tx } from '@/lib/postgres/sql';
import { limitWaits, writing } from '@/lib/postgres/transaction';
import type { Applying } from './applying';
import type { Change } from './change';
import { readState } from './read-state';
import { freeNames, removeRow, writeRow } from './write-rows';

/** What the database refused, and which change it was about. */
export class Refused extends Refusal {
  constructor(
    readonly change: Change,
    { code, message }: Refusal,
  ) {
    super(code, message);
  }
}

const lockMs = 2000;
const statementMs = 10_000;

/** All of it, or nothing: refused where anybody wrote after it was planned. */
export async function applyChanges(sql: Sql, applying: Applying): Promise<void> {
  await sql.begin(writing, (tx) => applyIn(tx, applying));
}

class Tried extends Error {}

/** Writes it and takes it back: what the database would say; null when it would take it. */
export async function tryChanges(sql: Sql, applying: Applying): Promise<Refused | null> {
  try {
    await sql.begin(writing, async (tx) => {
      await applyIn(tx, applying);
      throw new Tried();
    });
    return null;
  } catch (error) {
    if (error instanceof Tried) return null;
    if (error instanceof Refused) return error;
    throw error;
  }
}

async function applyIn(tx: Tx, applying: Applying): Promise<void> {
  await limitWaits(tx, lockMs, statementMs);
  await lock(tx);
  if ((await readState(tx)).seen !== applying.state.seen) throw movedOn();
  const splits = applying.changes.filter(({ kind, row }) => kind !== 'remove' && row.of === 'split');
  const first = applying.changes.indexOf(splits[0] as Change);
  await freeNames(tx, applying);
  for (const [at, change] of applying.changes.entries()) {
    if (at === first) await inAnyOrder(tx, splits, applying);
    if (!splits.includes(change)) await one(tx, change, applying);
  }
}

/** Readers go on; writers wait until this is done. */
async function lock(tx: Tx): Promise<void> {
  await tx`lock table sluice.dialects, sluice.providers, sluice.models, sluice.splits, sluice.arms, sluice.callers, sluice.alert_channels
    in share row exclusive mode`;
  await tx`select f.version from public.feature_flags f
    where f.flag_key in (select sluice.policy_key(s.key) from sluice.splits s) order by f.flag_key for update`;
}

/** A slug, a prefix or the default may pass from one split to another: who gives goes before who takes. */
async function inAnyOrder(tx: Tx, changes: readonly Change[], applying: Applying): Promise<void> {
  let waiting = changes;
  while (waiting.length > 0) {
    const refused: Refused[] = [];
    for (const change of waiting) {
      try {
        await one(tx, change, applying);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refused.push(error);
      }
    }
    const [first] = refused;
    if (first !== undefined && refused.length === waiting.length) throw first;
    waiting = refused.map(({ change }) => change);
  }
}

async function one(tx: Tx, change: Change, applying: Applying): Promise<void> {
  const { kind, row } = change;
  try {
    await tx.savepoint(async (inner) => {
      if (row.of === 'policy') await writePolicy(inner, row.id[0] ?? '', jsonText(row.values), applying);
      else if (row.of === 'weights') await writeWeights(inner, row.id[0] ?? '', row.values, applying);
      else if (kind === 'remove') await removeRow(inner, row, applying);
      else await writeRow(inner, row, applying);
    });
  } catch (error) {
    throw refusedFor(change, error);
  }
}

function refusedFor(change: Change, error: unknown): unknown {
  if (error instanceof Refusal) return error.code === 'stale-version' ? error : new Refused(change, error);
  const { code, message } = error as { code?: string; message?: string };
  if (message === undefined || !(code === '22023' || code?.startsWith('23'))) return error;
  return new Refused(change, new Refusal('registry-invalid', capital(`${message}.`)));
}

async function writePolicy(tx: Tx, key: string, text: string, applying: Applying): Promise<void> {
  // A row that is there is locked, and was compared; one that is not must not come in between.
  const expectedVersion = applying.state.policyVersions.has(key) ? null : 0;
  settle(
    await flagStore(tx, key).writePolicy(text, { ...writeOf('policy', applying), expectedVersion }),
    'policy',
    key,
  );
}

async function writeWeights(tx: Tx, key: string, weights: Readonly<Record<string, number>>, applying: Applying) {
  const write = { ...writeOf('weights', applying), expectedVersion: 0 };
  settle(await flagStore(tx, key).writeWeights(weights, write), 'weights', key);
}

const writeOf = (verb: FlagWrite['verb'], { actor, reason }: Applying) => ({ verb, actor, reason });

function settle(outcome: WriteOutcome, what: 'policy' | 'weights', key: string): void {
  if (outcome.kind === 'stale') throw movedOn();
  if (outcome.kind === 'refused')
    throw new Refusal(`${what}-invalid`, `The ${what} of ${key} cannot be so: ${outcome.sentence}.`);
}

export const movedOn = (): Refusal =>
  new Refusal(
    'stale-version',
    'Nothing was applied: somebody wrote to the registry, a policy or a channel after this was planned. Plan it again, then decide.',
  );
