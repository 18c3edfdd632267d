import { open } from 'node:fs/promises';
import { applyChanges, type Refused, tryChanges } from '@/lib/as-code/apply-changes';
import type { Applying } from '@/lib/as-code/applying';
import { heldBy } from '@/lib/as-code/channels';
import { mostBytes } from '@/lib/as-code/file/read-file';
import { FileFaults, makePlan, type Plan } from '@/lib/as-code/plan';
import { policyWarnings } from '@/lib/as-code/policy-warnings';
import { replayPolicies } from '@/lib/as-code/replay-policies';
import type { ToldPlan } from '@/lib/as-code/tell/tell-plan';
import { withSchema } from '@/lib/control/flags/schema-there';
import { shownText } from '@/lib/kernel/plain-text';
import { type OpenConfig, openConfig } from '@/lib/process/cli/open-config';
import { surroundings } from '../../known-database';
import { type Invocation, Said, UsageError } from '../command';

const environment = (name: string): string | undefined => process.env[name];

/** The registry's database, open for one command. */
export async function withConfig<T>(call: Invocation, work: (config: OpenConfig) => Promise<T>): Promise<T> {
  const { GEN_BASELINE_COST_USD: cost, SLUICE_POOLED: pooled } = surroundings().env;
  const config = openConfig(call.database().url, {
    environmentCostUsd: cost ?? null,
    allowPrivateWebhooks: /^(?:1|true)$/.test(process.env.SLUICE_ALLOW_PRIVATE_WEBHOOKS ?? ''),
    ...(pooled === undefined ? {} : { pooled }),
  });
  try {
    return await work(config);
  } catch (error) {
    if (error instanceof FileFaults) throw new UsageError(error.message);
    throw await withSchema(config.sql, error);
  } finally {
    await config.close();
  }
}

/** A file that was named, `-` for stdin; one that is too large is refused before all of it is read. */
export async function bytesOf(file: string, most = mostBytes): Promise<Uint8Array> {
  if (file === '-') return limited(file, process.stdin as AsyncIterable<Buffer>, most);
  try {
    const handle = await open(file, 'r');
    try {
      return await limited(file, handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>, most);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new UsageError(`Nothing was read: ${shownText(file)} ${why}.`);
  }
}

async function limited(file: string, stream: AsyncIterable<Buffer>, most: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream) {
    size += piece.length;
    if (size > most)
      throw new UsageError(`Nothing was read: ${shownText(file)} is larger than ${most} bytes, which is the most.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

export async function planOf(call: Invocation, { sql }: OpenConfig, file: string): Promise<Plan> {
  const bytes = await bytesOf(file);
  return planOfBytes(sql, shownText(file), bytes, call.values.prune === true);
}

export const planOfBytes = (sql: OpenConfig['sql'], file: string, bytes: Uint8Array, prune = false): Promise<Plan> =>
  makePlan(sql, { file, bytes, prune, environment });

/** With what recorded traffic and the database itself say to it. */
export async function toldPlan(call: Invocation, config: OpenConfig, plan: Plan): Promise<ToldPlan> {
  const replays = await replayPolicies(plan.changes, plan.state, config.controlOf);
  const warnings = await policyWarnings(plan.changes, plan.state, config.controlOf);
  return { plan, replays, warnings, refused: await triedIn(call, config, plan) };
}

async function triedIn(call: Invocation, { sql }: OpenConfig, plan: Plan): Promise<string | null> {
  if (plan.changes.length === 0 || plan.unset.length > 0) return null;
  const refused = await tryChanges(sql, applyingOf(call, plan));
  return refused === null ? null : refusedText(plan, refused);
}

/** The sentence of the database, after where the file says what it refused. */
function refusedText({ file, read }: Plan, { change, message }: Refused): string {
  if (change.place === null) return message;
  const { line, column } = read.placeOf(change.place);
  return `${file}:${line}:${column}: ${message}`;
}

function applyingOf({ actor }: Invocation, plan: Plan): Applying {
  const { changes, state, file, sha256 } = plan;
  return { changes, state, actor, reason: `apply ${file.slice(-128)} (sha256 ${sha256})`, environment };
}

/** Addresses of new channels are looked up before anything is locked. */
export async function refuseAddresses(config: OpenConfig, { changes, unset, read, file }: Plan): Promise<void> {
  if (unset.length > 0)
    throw new UsageError(`Nothing was applied: ${unset.join(', ')} is not set here; set it for this command.`);
  for (const { row, kind, place } of changes) {
    if (row.of !== 'channel' || kind === 'remove' || place === null) continue;
    const url = heldBy(row.values.url, environment);
    const fault = url === undefined ? null : await config.addressFault(url);
    const { line, column } = read.placeOf(place);
    if (fault !== null) throw new UsageError(`${file}:${line}:${column}: Nothing was applied: ${fault}.`);
  }
}

/** Everything of a plan, at once. */
export async function applyPlan(call: Invocation, config: OpenConfig, plan: Plan): Promise<void> {
  try {
    await applyChanges(config.sql, applyingOf(call, plan));
  } catch (error) {
    if (!(error instanceof Error) || !('change' in error)) throw error;
    throw new Said(`Nothing was applied. ${refusedText(plan, error as Refused)}`);
  }
}
