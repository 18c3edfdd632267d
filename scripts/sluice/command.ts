import type { ParseArgsConfig } from 'node:util';
import type { ChartedControl } from '@/lib/charts/series-store';
import type { Controls } from '@/lib/control/splits/controls';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import type { KnownDatabase } from '../known-database';

export type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One call of one verb: what was asked, where to say it, and the database when it is needed. */
export interface Invocation {
  readonly values: Values;
  readonly positionals: readonly string[];
  readonly json: boolean;
  /** `cli:<user>`, as the journal will say. */
  readonly actor: string;
  /**
   * The split that is meant, by --split; without it the only one there is. With more, who reads is shown the first, and
   * who writes is asked. Opens the database on first use; closed when the command ends.
   */
  control(act?: 'reading' | 'writing' | 'rolling back'): Promise<ChartedControl>;
  /** All splits. */
  controls(): Promise<Controls<ChartedControl>>;
  /** The database that is acted on; throws a sentence when none is known. */
  database(): KnownDatabase;
  /** Says on stderr which database is written to; once, before the first write. */
  nameDatabase(): void;
  /** What it failed with, as it is told. */
  inWords(error: unknown, writes?: Command['writes']): unknown;
  say(line: string): void;
  /** The answer: one JSON line with --json, else these lines. */
  answer(value: unknown, lines: readonly string[]): void;
  /** Asks before a write; refuses to guess where no person can answer. */
  confirm(question: string): Promise<void>;
}

export interface Command {
  readonly summary: string;
  /** The line after `sluice `. */
  readonly usage: string;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
  /** It concerns one split, which --split names. */
  readonly ofSplit?: true;
  readonly positionals?: readonly [number, number];
  readonly notes?: readonly string[];
  /** What it writes is one act, or many steps of which some may be done when it fails. Left out: it reads. */
  readonly writes?: 'at once' | 'in steps';
  /** The exit code; nothing is 0. */
  run(call: Invocation): Promise<number | undefined>;
}

/** The command line itself is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An error whose words stand: they are about what was asked, not about the database. */
export class Said extends Error {
  override readonly name = 'Said';
}

/** The person was asked and said no: exit code 1, and nothing was written. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

/** What the first word after the command names; `usually` where there is none. */
export function verbOf<T>(verbs: Readonly<Record<string, T>>, call: Invocation, usage: string, usually = ''): T {
  const name = call.positionals[0] ?? usually;
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) throw new UsageError(`Usage: sluice ${usage}`);
  return verb;
}

export function textOption(values: Values, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' ? value : null;
}

/** Why it is done, as the journal keeps it. */
export function reasonOption(values: Values): string | null {
  const text = textOption(values, 'reason');
  const fault = text === null ? null : hiddenTextFault('--reason', text);
  if (fault !== null) throw new UsageError(`Nothing was written: ${fault}.`);
  return text;
}

/** In whose name something of the registry is written, and why. */
export const writtenBy = ({ actor, values }: Invocation) => ({ actor, reason: reasonOption(values) });

/** The word after the command at `at`, which must be there. */
export function argumentAt({ positionals }: Invocation, at: number, usage: string): string {
  const given = positionals[at];
  if (given === undefined) throw new UsageError(`Usage: sluice ${usage}`);
  return given;
}

export function integerOption(values: Values, name: string, absent: number): number {
  const text = textOption(values, name);
  if (text === null) return absent;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`--${name} is "${text}"; it must be a whole number.`);
}

export function instantOption(values: Values, name: string): number | undefined {
  const text = textOption(values, name);
  if (text === null) return undefined;
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new UsageError(`--${name} is "${text}"; it must be an instant such as 2026-11-21T03:00:00Z.`);
}
