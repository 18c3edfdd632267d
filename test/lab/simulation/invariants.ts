import type { SplitRow } from '@/lib/control/flags/stored-flags';
import { blindness } from '@/lib/control/rollout/as-instances-say';
import { gridMs } from '@/lib/rule/buckets/history';
import type { Policy, RedLine } from '@/lib/split/policy/policy';
import { sameWeights, shareOf, weightsText } from '@/lib/split/weights';
import { type Commit, splitKey } from './database';
import { closedGates } from './gates-by-hand';
import { atRest } from './split-state';
import type { World } from './world';

/** What is true at every committed write; an answer is what was broken, in words. */
export type WriteInvariant = (world: World, commit: Commit) => string | null;
/** What is true after every step; `judged` says that a watchdog that lives has judged in it. */
export type StepInvariant = (world: World, moment: Moment) => string | null;

export interface Moment {
  /** A tick decided in this step, and nothing froze or failed in it. */
  readonly judged: boolean;
  /** A line was plainly held while nobody judged, in this very state of the split; null when none was. */
  readonly missed: { readonly line: RedLine; readonly version: number } | null;
}

const isWatchdog = ({ entry }: Commit) => entry.actor === 'watchdog';
const isBySql = ({ entry }: Commit) => entry.actor.startsWith('sql:');
const candidateOf = (row: SplitRow | null, policy: Policy) =>
  row === null ? 0 : shareOf(row.weights, policy.candidates[0] ?? '');

function raises({ before, after, policy: { policy } }: Commit): boolean {
  return candidateOf(after, policy) > candidateOf(before, policy) + 1e-9;
}

const versionsFormOneChain: WriteInvariant = ({ database }, { entry }) => {
  const earlier = database.journal.slice(0, -1);
  const highest = earlier.reduce((most, { version }) => Math.max(most, version), 0);
  if (entry.version <= highest) return `version ${entry.version} comes after version ${highest}`;
  const last = earlier.findLast(({ flag_key }) => flag_key === entry.flag_key);
  const from = last === undefined || last.verb === 'delete' || last.becomes === null ? null : last.version;
  return entry.version_from === from ? null : `it says it follows ${entry.version_from}; the one before is ${from}`;
};

const noWriteAgainstAnOldVersion: WriteInvariant = (_, { entry, before, expected }) => {
  if (expected === null || entry.flag_key !== splitKey) return null;
  const was = before?.version ?? 0;
  return was === expected ? null : `made against version ${expected}, it landed on ${was}`;
};

const noRollbackWithoutAHeldBreach: WriteInvariant = ({ oracle, database }, commit) => {
  const { entry, before } = commit;
  if (!isWatchdog(commit) || entry.verb !== 'rollback' || before === null) return null;
  const { line, judged_at } = entry.evidence as { line: { metric: string }; judged_at: string };
  const at = Date.parse(judged_at) / gridMs;
  const isHeld = database.policiesLately().some(({ policy }) => {
    const red = policy.redLines.find(({ metric }) => metric === line.metric);
    return red !== undefined && oracle.isHeld(red, before, policy, at);
  });
  return isHeld ? null : `${line.metric} was not held at ${judged_at}`;
};

const noPromotionPastAClosedGate: WriteInvariant = (world, commit) => {
  if (isBySql(commit) || commit.entry.verb === 'override' || !raises(commit) || commit.before === null) return null;
  const closed = closedGates(world, commit);
  return closed.length === 0 ? null : `closed: ${closed.join(', ')}`;
};

const noPromotionWhileLatched: WriteInvariant = (_, commit) => {
  if (isBySql(commit) || !raises(commit)) return null;
  return commit.before?.latched ? `the rollout was rolled back at version ${commit.before.version}` : null;
};

const automationOnlyLowers: WriteInvariant = ({ database }, commit) => {
  if (!isWatchdog(commit) || !raises(commit)) return null;
  if (database.policiesLately().some(({ policy }) => policy.autoAdvance)) return null;
  return 'the watchdog raised the candidate without being told to';
};

const weightsAreAStagesOrTheRollbacks: WriteInvariant = (_, commit) => {
  const { entry, after, policy } = commit;
  if (entry.flag_key !== splitKey || after === null) return null;
  if (weightsText(after.weights) !== entry.becomes) return `the journal says ${entry.becomes}`;
  const known = [policy.policy.rollback, ...policy.policy.stages.map(({ weights }) => weights)];
  const byPlan = isWatchdog(commit) || entry.verb === 'advance' || entry.verb === 'rollback';
  if (!byPlan || known.some((weights) => sameWeights(weights, after.weights))) return null;
  return `${entry.becomes} is no stage's`;
};

const oneRollbackAnIncident: WriteInvariant = (_, commit) => {
  const { before, policy } = commit;
  if (!isWatchdog(commit) || commit.entry.verb !== 'rollback') return null;
  return before === null || atRest(before.weights, policy.policy) ? 'there was nothing to roll back' : null;
};

const aTickJudgesNow: WriteInvariant = (_, commit) => {
  if (!isWatchdog(commit) || commit.entry.verb !== 'rollback') return null;
  const { judged_at } = commit.entry.evidence as { judged_at: string };
  const age = commit.entry.atMs - Date.parse(judged_at);
  return age < gridMs ? null : `it was judged ${age / 1000} s before it was written`;
};

const everyFallLatches: WriteInvariant = (_, { entry, before, after, policy: { policy } }) => {
  if (entry.flag_key !== splitKey || before === null || after === null) return null;
  const fell = atRest(after.weights, policy) && !atRest(before.weights, policy);
  return !fell || after.latched ? null : 'it fell and did not latch';
};

const neverOntoAWorseBaseline: WriteInvariant = ({ oracle, index }, commit) => {
  const { before, policy } = commit;
  if (!isWatchdog(commit) || commit.entry.verb !== 'rollback' || before === null) return null;
  const { line } = commit.entry.evidence as { line: { metric: string } };
  const red = policy.policy.redLines.find(({ metric }) => metric === line.metric);
  return red && oracle.isBaselinePlainlyWorse(red, before, index) ? 'the baseline was worse' : null;
};

const neverWhileBlind: WriteInvariant = (world, commit) => {
  if (!isWatchdog(commit)) return null;
  return blindness(world.seen(600), world.nowMs).total ? 'no instance’s events arrived' : null;
};

const rollbackWithinOneInterval: StepInvariant = (world, { judged }) => {
  const { database, oracle } = world;
  const row = database.split;
  const { policy } = database.policy();
  if (!judged || row === null || row.rolloutStartedAtMs === null || atRest(row.weights, policy)) return null;
  if (world.has('baseline-dead')) return null;
  const line = oracle.plainlyHeld(row, policy, world.index);
  if (line === null || blindness(world.seen(600), world.nowMs).total) return null;
  return `${line.metric} is plainly held and the weights stay`;
};

const oneDecisionASlot: StepInvariant = ({ database }) => {
  const slotMs = database.ticks.decided?.slotMs ?? 0;
  const decisions = database.decidedSlots.get(slotMs) ?? 0;
  return decisions > 1 ? `slot ${new Date(slotMs).toISOString()} was decided ${decisions} times` : null;
};

const oneJournalRowAWrite: StepInvariant = ({ database }) => {
  if (database.journal.length === database.checkedRows) return null;
  database.checkedRows = database.journal.length;
  const last = database.journal.findLast(({ flag_key }) => flag_key === splitKey);
  const version = database.split?.version ?? null;
  if (version !== null && last?.version !== version) return `the row is at ${version}, the journal at ${last?.version}`;
  return database.journal.length === database.committed ? null : 'rows are missing in the journal';
};

const noReaderGoesBack: StepInvariant = ({ database, instances }) => {
  for (const instance of instances) {
    const { version, weights } = instance.weights.routing;
    const { checkedVersion } = instance;
    if (version === null || version === checkedVersion) continue;
    if (checkedVersion !== null && version < checkedVersion)
      return `${instance.id}: ${version} after ${checkedVersion}`;
    instance.checkedVersion = version;
    const text = database.journal.findLast((entry) => entry.version === version)?.becomes;
    if (text !== weightsText(weights)) return `${instance.id} routes by what version ${version} never said`;
  }
  return null;
};

const aMissedHoldIsTold: StepInvariant = ({ database, oracle, index }, { judged, missed }) => {
  const row = database.split;
  if (!judged || missed === null || row?.version !== missed.version) return null;
  if (oracle.isHeld(missed.line, row, database.policy().policy, index)) return null;
  const told = database.alerts.some(
    ({ kind, params }) => kind === 'missed_hold' && params.metric === missed.line.metric,
  );
  return told ? null : `${missed.line.metric} was held while nobody judged, and nobody is told`;
};

/** DESIGN.md, section 4, as far as one process can see it. */
export const writeInvariants: Readonly<Record<string, WriteInvariant>> = {
  ...{ versionsFormOneChain, noWriteAgainstAnOldVersion, noRollbackWithoutAHeldBreach, noPromotionPastAClosedGate },
  ...{ noPromotionWhileLatched, automationOnlyLowers, weightsAreAStagesOrTheRollbacks, oneRollbackAnIncident },
  ...{ aTickJudgesNow, everyFallLatches, neverOntoAWorseBaseline, neverWhileBlind },
};

export const stepInvariants: Readonly<Record<string, StepInvariant>> = {
  ...{ rollbackWithinOneInterval, oneDecisionASlot, oneJournalRowAWrite, noReaderGoesBack, aMissedHoldIsTold },
};
