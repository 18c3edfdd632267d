import { excerpt } from '@/lib/kernel/excerpt';
import { isObject } from '@/lib/kernel/json-text';
import type { Dialect, Phase } from '@/lib/registry/dialects/dialect';
import { allAt, textsAt } from '../pointer';
import { isWell } from '../read-answer';

/** What one arm said to one question. */
export interface ArmAnswer {
  readonly arm: string;
  readonly status: number;
  /** undefined: it is no JSON. */
  readonly body: unknown;
}

type Reading = Pick<Dialect, 'name' | 'reading'>;

/** What callers would see change if the one answered where the other did, in sentences. */
export function differencesOf(dialect: Reading, asked: string, old: ArmAnswer, fresh: ArmAnswer): readonly string[] {
  const seen = ': callers will see it';
  const said: string[] = [];
  if (old.status !== fresh.status)
    said.push(`${old.arm} answers HTTP ${old.status}, ${fresh.arm} HTTP ${fresh.status}${seen}`);
  // A refusal need not hold what a good answer holds.
  if (isGood(dialect, old) === isGood(dialect, fresh)) {
    const parts = envelopesApart(dialect, old.body, fresh.body);
    if (parts !== null) said.push(`${old.arm} answers ${parts[0]}, ${fresh.arm} ${parts[1]}${seen}`);
    for (const [phase, mine, theirs] of wordsApart(dialect, old.body, fresh.body))
      said.push(`${old.arm} says ${mine} of what is ${phase}, ${fresh.arm} ${theirs}${seen}`);
  }
  return said.map((each) => `${asked}: ${each}`);
}

const isGood = ({ reading }: Reading, { status, body }: ArmAnswer): boolean =>
  status < 400 && (reading === null || isWell(reading, body));

/** States of an arm that its dialect has no word for: such a job would never be seen to end. */
export function unknownWords(dialect: Reading, asked: string, { arm, body }: ArmAnswer): readonly string[] {
  return [...new Set(statesIn(dialect, body))]
    .filter((word) => phaseOf(dialect, word) === null)
    .map(
      (word) =>
        `${asked}: ${arm} says "${excerpt(word)}", which ${dialect.name} has no word for; nobody would see such a job end`,
    );
}

/** What of the two stands at the top, where it is not alike; null: it is. */
function envelopesApart({ reading }: Reading, old: unknown, fresh: unknown): readonly [string, string] | null {
  const [mine, theirs] = [membersOf(old), membersOf(fresh)];
  if (mine === null || theirs === null)
    return kindOf(old) === kindOf(fresh) ? null : [`${kindOf(old)}`, `${kindOf(fresh)}`];
  const telling = reading?.isOk?.at.slice(1);
  const isApart = (name: string) =>
    kindOf(mine[name]) !== kindOf(theirs[name]) || (name === telling && mine[name] !== theirs[name]);
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].filter(isApart);
  return names.length === 0 ? null : [written(mine, names), written(theirs, names)];
}

const membersOf = (value: unknown): Readonly<Record<string, unknown>> | null => (isObject(value) ? { ...value } : null);

function kindOf(value: unknown): string {
  if (value === undefined) return 'no JSON';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Only what is apart: `{code:"success"}`. */
function written(members: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  const own = names.filter((name) => Object.hasOwn(members, name));
  if (own.length === 0) return `no ${names.join(', ')}`;
  return `{${own.map((name) => `${excerpt(name)}:${shown(members[name])}`).join(', ')}}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  if (typeof value === 'object' && value !== null) return '{…}';
  return excerpt(JSON.stringify(value) ?? '');
}

/** Phases that both name, each in words of its own. */
function wordsApart(dialect: Reading, old: unknown, fresh: unknown): readonly (readonly [Phase, string, string])[] {
  const [mine, theirs] = [byPhase(dialect, old), byPhase(dialect, fresh)];
  return [...mine].flatMap(([phase, words]) => {
    const others = theirs.get(phase);
    const isAlike = others === undefined || [...words].some((word) => others.has(word));
    return isAlike ? [] : [[phase, quoted(words), quoted(others)] as const];
  });
}

const quoted = (words: ReadonlySet<string>) => [...words].map((word) => `"${excerpt(word)}"`).join(', ');

function byPhase(dialect: Reading, body: unknown): ReadonlyMap<Phase, ReadonlySet<string>> {
  const found = new Map<Phase, Set<string>>();
  for (const word of statesIn(dialect, body)) {
    const phase = phaseOf(dialect, word);
    if (phase !== null) found.set(phase, (found.get(phase) ?? new Set()).add(word));
  }
  return found;
}

function phaseOf({ reading }: Reading, word: string): Phase | null {
  const known = word.toLowerCase();
  return reading !== null && Object.hasOwn(reading.words, known) ? (reading.words[known] ?? null) : null;
}

/** Of every task in an answer, in the spelling of the vendor. */
function statesIn({ reading }: Reading, body: unknown): readonly string[] {
  if (reading === null) return [];
  const found = reading.task.flatMap((at) => allAt(body, at));
  const tasks = found.flatMap((each) => (Array.isArray(each) ? each : [each]));
  return tasks
    .filter((task) => reading.id.some((at) => textsAt(task, at).length > 0))
    .flatMap((task) => reading.state.flatMap((at) => textsAt(task, at)).slice(0, 1));
}
