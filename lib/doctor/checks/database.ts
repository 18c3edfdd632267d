import { storeFault } from '@/lib/kernel/store-fault';
import { checkAccess } from '../access/check-access';
import type { DatabaseFacts, Instruments } from '../diagnosis';
import { checkJobs } from '../jobs/check-jobs';
import { checkLedger } from '../jobs/check-ledger';
import { checkFronts } from '../relays/fronts';
import { checkCalls } from '../splits/check-calls';
import { checkSplits } from '../splits/check-splits';
import { checkClocks } from './clock';
import { checkEventInserters } from './event-inserters';
import { type Check, type Finding, ok, problem } from './finding';
import { checkGuards } from './guards';
import { checkBook, checkJournal } from './journal';
import { checkMigrations } from './migrations';
import { checkOutbox } from './outbox';
import { checkPolicy } from './policy';
import { checkSpools } from './spool';
import { checkWatchdog } from './watchdog';
import { checkWeights } from './weights';

/** One reading serves every line below: the doctor asks a database in trouble once. */
export const database: Check = async (instruments, signal) => {
  const target = instruments.database;
  if (target === null) {
    const fix = 'set DATABASE_URL, or run npm start once to make the embedded database';
    return [problem('database', 'no database is known', 'no DATABASE_URL and no .data/database-url', fix)];
  }
  const how = `select now() at ${target.shown}`;
  try {
    const facts = await target.read(signal);
    const findings = judge(facts, instruments, target.expected);
    return [ok('database', 'the database answers', how), ...findings, ...checkBook(target)];
  } catch (error) {
    return [problem('database', ...troubleOf(error, how)), ...checkBook(target)];
  }
};

function judge(facts: DatabaseFacts, instruments: Instruments, expected: readonly string[]): readonly Finding[] {
  const { rollout, access } = facts;
  const { now } = instruments;
  const atHand = access && instruments.keysFor(access.providers);
  const clocks = checkClocks(facts, now());
  const migrations = checkMigrations(facts.applied, expected);
  if (rollout === null) return [migrations, ...clocks];
  return [
    migrations,
    ...checkWeights(rollout, facts.nowMs),
    checkPolicy(rollout),
    ...checkSplits(rollout, instruments),
    ...checkCalls(rollout),
    ...checkFronts(
      rollout.splits.filter(({ isRelay }) => isRelay).map(({ slug }) => slug),
      rollout.instances,
    ),
    ...checkJobs(rollout, instruments),
    checkWatchdog(rollout, facts.nowMs),
    ...clocks,
    checkSpools(rollout),
    ...checkOutbox(rollout),
    checkJournal(rollout),
    checkLedger(rollout),
    checkEventInserters(rollout),
    ...checkGuards(rollout),
    ...(access && atHand ? checkAccess(access, atHand) : []),
  ];
}

function troubleOf(error: unknown, how: string): [what: string, how: string, fix: string] {
  const fault = storeFault(error);
  if (fault !== null) return [`the database ${fault.saysMore}`, how, fault.todo];
  const what = `the database cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  return [what, how, 'start the database, or open the way to it; routing goes on with the last weights meanwhile'];
}
