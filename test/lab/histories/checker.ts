import { type JournalRow, type Line, type OpName, type Remains, type Result, reasonOf, writes } from './history';

export interface Operation extends Result {
  readonly n: number;
  readonly client: string;
  readonly op: OpName;
  readonly invokedAt: number;
  readonly endedAt: number;
  readonly end: 'ok' | 'fail' | 'unknown';
}

export interface Findings {
  /** What was promised and is not so; empty when all is well. */
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Evidence {
  readonly operations: readonly Operation[];
  readonly lines: readonly Line[];
  readonly remains: Remains;
}

/**
 * Events of an answered request are in memory for a flush (250 ms) and, with the store silent, for the deadline of a
 * write (2 s) before they are on disk; a process that is killed within them takes them along. Nothing else may be lost.
 */
export const unflushedMs = 5000;

type Rule = (evidence: Evidence, count: (what: string) => void) => string[];

const oneChainOfVersions: Rule = ({ remains: { journal, version } }) => {
  const faults: string[] = [];
  for (const [i, row] of journal.entries()) {
    const before = journal[i - 1];
    if (row.seq !== i + 1) faults.push(`row ${i + 1} of the journal has the number ${row.seq}`);
    if (before && row.version <= before.version)
      faults.push(`version ${row.version} follows version ${before.version}`);
    if (before && row.version_from !== before.version)
      faults.push(
        `version ${row.version} says it follows ${row.version_from}, and the one before is ${before.version}`,
      );
  }
  const last = journal.at(-1)?.version;
  return last === version ? faults : [...faults, `the row is at version ${version}, the journal at ${last}`];
};

const hashesVerify: Rule = ({ remains }) => [...remains.journalFaults];

/** Done: one row and its version. Refused: none. Unknown: at most one, whenever it lands. */
const journalRowsAreVersionSteps: Rule = ({ operations, remains: { journal } }, count) => {
  const byReason = new Map<string, JournalRow[]>();
  for (const row of journal) {
    const reason = row.reason ?? '';
    byReason.set(reason, [...(byReason.get(reason) ?? []), row]);
  }
  return operations.filter(isWrite).flatMap(({ n, op, end, version, already }) => {
    const rows = byReason.get(reasonOf(n)) ?? [];
    if (end === 'unknown') count(rows.length === 1 ? 'unknown and done' : 'unknown and not done');
    if (end === 'fail' || already) return rows.length === 0 ? [] : [`${op} ${n} was refused, and journaled`];
    if (rows.length > 1) return [`${op} ${n} was journaled ${rows.length} times`];
    if (end === 'unknown') return [];
    if (rows.length === 0) return [`${op} ${n} is done, says its answer, and nothing is in the journal`];
    return rows[0]?.version === version ? [] : [`${op} ${n} was told version ${version}; it is ${rows[0]?.version}`];
  });
};

const acknowledgedWritesAreInOrder: Rule = ({ operations }) => {
  const done = operations.filter((each) => isWrite(each) && each.end === 'ok' && !each.already);
  return backwards(done, 'write');
};

/** One life of a process: what it answers first is never newer than what it answers later. */
const noReaderGoesBack: Rule = ({ operations }) => {
  const readers = new Map<string, Operation[]>();
  for (const each of operations) {
    if (each.end !== 'ok' || each.version == null || !['read', 'generate'].includes(each.op)) continue;
    const reader = `${each.op} of ${each.by}`;
    readers.set(reader, [...(readers.get(reader) ?? []), each]);
  }
  return [...readers].flatMap(([reader, reads]) => backwards(reads, reader, true));
};

/** A write against a version lands on that version; none gives an arm a share by one older than a rollback of that arm. */
const noStalePromotion: Rule = ({ operations, remains: { journal, baseline } }) => {
  const byVersion = new Map(journal.map((row, i) => [row.version, i]));
  return operations.flatMap(({ n, op, end, version, against }) => {
    if (end !== 'ok' || against == null || version == null || !['advance', 'weights', 'cli'].includes(op)) return [];
    const at = byVersion.get(version);
    const row = at === undefined ? undefined : journal[at];
    if (row === undefined || at === undefined || row.reason !== reasonOf(n)) return [];
    const faults =
      row.version_from === against ? [] : [`${op} ${n} was made against ${against}, on ${row.version_from}`];
    for (const [arm, share] of candidatesOf(row, baseline)) {
      const rollback = journal.slice(0, at).findLast((each, i) => each.verb === 'rollback' && lowers(journal, i, arm));
      if (rollback && against < rollback.version && share > 0) {
        const older = `older than the rollback of version ${rollback.version}`;
        faults.push(`${op} ${n} promoted ${arm} by version ${against}, ${older}`);
      }
    }
    return faults;
  });
};

const oneRollbackAnIncident: Rule = ({ remains: { journal, baseline } }, count) => {
  return journal.flatMap((row, i) => {
    if (row.actor !== 'watchdog' || row.verb !== 'rollback') return [];
    count('rollbacks by the watchdog');
    const before = journal[i - 1];
    const lowered = before ? candidatesOf(before, baseline).filter(([arm]) => lowers(journal, i, arm)) : [];
    return lowered.length > 0 ? [] : [`version ${row.version} rolls back what was at rest`];
  });
};

/** A rollback takes from an arm all or nothing, and gives to none but the baseline. */
const aRollbackMovesOnlyItsOwn: Rule = ({ remains: { journal, baseline } }, count) => {
  return journal.flatMap((row, i) => {
    const before = journal[i - 1];
    if (row.verb !== 'rollback' || before === undefined) return [];
    const shares = new Map(candidatesOf(before, baseline));
    if (candidatesOf(row, baseline).some(([arm, share]) => share > 0 && shares.get(arm) === share))
      count('rollbacks of one arm');
    return candidatesOf(row, baseline).flatMap(([arm, share]) => {
      const was = shares.get(arm) ?? 0;
      return share === 0 || Math.abs(share - was) < 1e-9
        ? []
        : [`version ${row.version} moved ${arm} from ${was} to ${share}`];
    });
  });
};

const nobodyEndsByItself: Rule = ({ lines }) =>
  lines.flatMap((line) =>
    line.type === 'fault' && line.what === 'crash' ? [`${line.target} ended by itself: ${line.said}`] : [],
  );

/** Requests go where the weights of the version they were routed by say. */
const routedByWhatWasWritten: Rule = ({ operations, remains: { journal } }) => {
  const texts = new Map(journal.map((row) => [row.version, row.becomes]));
  return operations.flatMap(({ n, op, end, version, arm = '' }) => {
    if (op !== 'generate' || end !== 'ok' || version == null) return [];
    const text = texts.get(version);
    if (text === undefined) return [`request ${n} was routed by version ${version}, which nobody wrote`];
    const weights = JSON.parse(text) as Record<string, number>;
    return (weights[arm] ?? 0) > 0 ? [] : [`request ${n} went to ${arm} by version ${version}: ${text}`];
  });
};

const everyEventIsAccountedFor: Rule = ({ operations, lines, remains: { events } }, count) => {
  const kills = lines.flatMap((line) => (line.type === 'fault' && line.what === 'kill' ? [line] : []));
  return operations.flatMap(({ n, op, end, by, requestId = '', attempts, invokedAt, endedAt }) => {
    if (op !== 'generate') return [];
    const { ends, routes } = events[requestId] ?? { ends: 0, routes: 0 };
    if (ends > 1) return [`request ${n} ended ${ends} times in the log`];
    if (end !== 'ok') return [];
    if (ends === 1 && routes === attempts) return [];
    // The answer may have been under way to us when its process was killed.
    const killed = kills.some(({ target, at }) => target === by && at >= invokedAt && at - endedAt < unflushedMs);
    if (killed) count('answered, and lost with a killed process');
    return killed
      ? []
      : [`request ${n} was answered by ${by} after ${attempts} attempts: ${ends} ends, ${routes} routes`];
  });
};

export const rules: Readonly<Record<string, Rule>> = {
  ...{ oneChainOfVersions, hashesVerify, journalRowsAreVersionSteps, acknowledgedWritesAreInOrder, noReaderGoesBack },
  ...{
    noStalePromotion,
    oneRollbackAnIncident,
    aRollbackMovesOnlyItsOwn,
    nobodyEndsByItself,
    routedByWhatWasWritten,
    everyEventIsAccountedFor,
  },
};

/** Judges the history of several splits, each by itself, since each has a chain and a rollout of its own. */
export function checkSplits(lines: readonly Line[], remains: Readonly<Record<string, Remains>>): Findings {
  const splits = new Map(lines.flatMap((line) => (line.type === 'invoke' ? [[line.n, line.split] as const] : [])));
  const found = Object.entries(remains).map(([split, left]) => {
    const theirs = lines.filter((line) => !('n' in line) || splits.get(line.n) === split);
    return { split, ...checkHistory(theirs, left) };
  });
  return {
    faults: found.flatMap(({ split, faults }) => faults.map((fault) => `${split}: ${fault}`)),
    counts: Object.fromEntries(
      found.flatMap(({ split, counts }) => Object.entries(counts).map(([what, n]) => [`${split} ${what}`, n])),
    ),
  };
}

/** Judges a history by what it says and what remains; it asks nobody. */
export function checkHistory(lines: readonly Line[], remains: Remains): Findings {
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const operations = operationsOf(lines);
  for (const { op, end } of operations) count(`${op} ${end}`);
  for (const line of lines) if (line.type === 'fault') count(`fault ${line.what}`);
  counts['journal rows'] = remains.journal.length;
  const faults = Object.entries(rules).flatMap(([name, rule]) =>
    rule({ operations, lines, remains }, count).map((fault) => `${name}: ${fault}`),
  );
  return { faults, counts };
}

function operationsOf(lines: readonly Line[]): Operation[] {
  const ends = new Map(
    lines.flatMap((line) => ('n' in line && line.type !== 'invoke' ? [[line.n, line] as const] : [])),
  );
  return lines.flatMap((line) => {
    if (line.type !== 'invoke') return [];
    const { n, client, op, at: invokedAt } = line;
    const end = ends.get(n);
    if (end === undefined)
      return [{ n, client, op, invokedAt, endedAt: Number.POSITIVE_INFINITY, end: 'unknown' as const }];
    const { type, at: endedAt, ...result } = end;
    return [{ ...result, n, client, op, invokedAt, endedAt, end: type as Operation['end'] }];
  });
}

const isWrite = ({ op }: Operation): boolean => (writes as readonly string[]).includes(op);

const sharesOf = (row: JournalRow): Readonly<Record<string, number>> => JSON.parse(row.becomes);

const candidatesOf = (row: JournalRow, baseline: string): [string, number][] =>
  Object.entries(sharesOf(row)).filter(([arm]) => arm !== baseline);

/** Whether this row of the journal took something from the arm. */
function lowers(journal: readonly JournalRow[], at: number, arm: string): boolean {
  const [before, row] = [journal[at - 1], journal[at]];
  return before !== undefined && row !== undefined && (sharesOf(row)[arm] ?? 0) < (sharesOf(before)[arm] ?? 0);
}

/** Pairs of which one was over before the other began, with versions the other way round. */
function backwards(operations: readonly Operation[], what: string, equalIsFine = false): string[] {
  const byEnd = [...operations].sort((a, b) => a.endedAt - b.endedAt);
  const byStart = [...operations].sort((a, b) => a.invokedAt - b.invokedAt);
  let [highest, next] = [-1, 0];
  let holder = -1;
  return byStart.flatMap((each) => {
    for (; (byEnd[next]?.endedAt ?? Number.POSITIVE_INFINITY) < each.invokedAt; next++) {
      const ended = byEnd[next] as Operation;
      if ((ended.version ?? 0) > highest) [highest, holder] = [ended.version ?? 0, ended.n];
    }
    const version = each.version ?? 0;
    const isBack = equalIsFine ? version < highest : version <= highest;
    return isBack
      ? [`${what}: operation ${each.n} has version ${version} after operation ${holder} had ${highest}`]
      : [];
  });
}
