import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { hiddenTextFault } from '@/lib/kernel/plain-text';
import { storeFault } from '@/lib/kernel/store-fault';
import { connect } from '@/lib/postgres/connection';
import { queryWithin } from '@/lib/postgres/transaction';
import { readWeights } from '@/lib/split/weights';
import { databaseText, type KnownDatabase, knownDatabase, NoDatabase } from '../known-database';
import { inWords } from './store-trouble';
import { type FlagState, type WeightsWritten, writeWeights } from './write-weights';

const usage = `Usage: node scripts/ops/update-provider-weights.mjs '{"fal":0.9,"runware":0.1}' [options]

  --reason TEXT   why, for the journal
  --dry-run       judge and show, write nothing
  --json          one JSON object on stdout
  --help

The database is DATABASE_URL, or the one that \`npm start\` runs. No gate is asked: this is the break-glass path.
Exit codes: 0 done, 1 refused or failed (nothing was changed), 2 wrong usage.`;

const deadlineMs = 15_000;

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      reason: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (!values.help && positionals.length !== 1) {
    throw new Error(`expected one argument, the weights in quotes; got ${positionals.length}`);
  }
  if (values.reason !== undefined && values.reason.length > 500)
    throw new Error('--reason is longer than 500 characters');
  const hidden = values.reason === undefined ? null : hiddenTextFault('--reason', values.reason);
  if (hidden !== null) throw new Error(hidden);
  return { text: (positionals[0] ?? '').trim(), ...values, isDryRun: values['dry-run'] };
}

function actorName(): string {
  try {
    return `script:${userInfo().username}`;
  } catch {
    return `script:${process.env.USER ?? 'unknown'}`;
  }
}

type Arguments = ReturnType<typeof readArguments>;
type Outcome = WeightsWritten & {
  /** The connection was lost while it wrote. */
  readonly isDoubtful?: boolean;
  readonly actor?: string;
  readonly reason?: string | null;
};

/** The outcome, or a sentence that says why nothing was changed. */
async function update({ text, reason, isDryRun }: Arguments, database: KnownDatabase): Promise<Outcome> {
  const actor = actorName();
  const sql = connect(database.url, { name: 'update-provider-weights', max: 1 });
  try {
    const writing = writeWeights(sql, { text, actor, reason, isDryRun });
    const outcome = await queryWithin(deadlineMs, writing, 'update of the weights');
    return 'fault' in outcome ? outcome : { ...outcome, actor, reason: reason ?? null };
  } catch (error) {
    const isDoubtful = !isDryRun && storeFault(error)?.mayHaveLanded === true;
    const told = inWords(error, database, { writes: isDoubtful ? 'at once' : undefined, begun: true });
    const said = told instanceof Error ? told.message : String(told);
    if (isDoubtful) return { fault: said, isDoubtful };
    // The guard's own sentence begins as ours does.
    return {
      fault: (told !== error && weightsFault(text)) || said.replace(/^GEN_PROVIDER_WEIGHTS was not changed: /, ''),
    };
  } finally {
    await sql.end({ timeout: 1 }).catch(() => {});
  }
}

/** What can be said of weights without the database, which alone knows the providers and the policy; else null. */
function weightsFault(text: string): string | null {
  const named = namesIn(text);
  const reading = readWeights(text, { registered: named, baseline: named[0] ?? '', candidates: [named[0] ?? ''] });
  return reading.ok ? null : reading.sentence;
}

function namesIn(text: string): string[] {
  try {
    return Object.keys(JSON.parse(text));
  } catch {
    return [];
  }
}

function describe({ before, after, actor, reason }: Done, isDryRun: boolean, place: string): string {
  const [was, is] = [sharesOf(before), sharesOf(after)];
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])];
  const shares = names.sort().map((name) => {
    const from = was === null ? '—' : percent(was[name] ?? 0);
    return `  ${name.padEnd(10)} ${from.padStart(8)} → ${percent(is?.[name] ?? 0).padStart(8)}`;
  });
  const head = isDryRun
    ? `GEN_PROVIDER_WEIGHTS, version ${before.version ?? 'none'}: valid, nothing written (dry run)`
    : `GEN_PROVIDER_WEIGHTS, version ${before.version ?? 'none'} → ${after.version}`;
  const stage = isDryRun ? `stage ${before.stage ?? 'none'}` : `stage ${before.stage ?? 'none'} → ${after.stage}`;
  return [head, ...shares, `  ${stage}, by ${actor}${reason ? `: ${reason}` : ''}`, `  ${place}`].join('\n');
}

type Done = Exclude<Outcome, { readonly fault: string }>;

function sharesOf({ weights }: FlagState): Readonly<Record<string, number>> | null {
  return typeof weights === 'object' ? weights : null;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(7))} %`;
}

function known(text: string): KnownDatabase | string {
  try {
    return knownDatabase();
  } catch (error) {
    if (!(error instanceof NoDatabase)) throw error;
    return weightsFault(text) ?? error.message;
  }
}

/** Writes the weights past every gate, as the plan does it; the exit code. */
export async function updateProviderWeights(args: string[]): Promise<number> {
  let given: Arguments;
  try {
    given = readArguments(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}\n`);
    return 2;
  }
  if (given.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const database = known(given.text);
  if (typeof database === 'string') return tell({ fault: database }, given, null);
  if (!given.json && !given.isDryRun) process.stderr.write(`this writes to ${databaseText(database)}\n`);
  return tell(await update(given, database), given, database);
}

function tell(outcome: Outcome, { json, isDryRun }: Arguments, database: KnownDatabase | null): number {
  const isDone = !('fault' in outcome);
  const where = database === null ? {} : { database: database.place };
  if (json) {
    const body = isDone ? { ok: true, dry_run: isDryRun, ...outcome } : { ok: false, error: outcome.fault };
    process.stdout.write(`${JSON.stringify({ ...body, ...where })}\n`);
  } else if (isDone) {
    const place = database === null ? '' : `database ${database.place.name} on ${database.place.host}`;
    process.stdout.write(`${describe(outcome, isDryRun, place)}\n`);
  } else {
    const what = outcome.isDoubtful ? '' : 'GEN_PROVIDER_WEIGHTS was not changed: ';
    process.stderr.write(`${what}${outcome.fault}\n`);
  }
  return isDone ? 0 : 1;
}
