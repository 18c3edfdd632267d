#!/usr/bin/env node
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { connect, databaseUrl, isAway, within } from './database.mjs';
import { weightsFault } from './weights-fault.mjs';
import { writeWeights } from './write-weights.mjs';

const usage = `Usage: node scripts/ops/update-provider-weights.mjs '{"fal":0.9,"runware":0.1}' [options]

  --reason TEXT   why, for the journal
  --dry-run       judge and show, write nothing
  --json          one JSON object on stdout
  --help

The database is DATABASE_URL, or the one that \`npm start\` runs. No gate is asked: this is the break-glass path.
Exit codes: 0 done, 1 refused or failed (nothing was changed), 2 wrong usage.`;

const deadlineMs = 15_000;

function readArguments() {
  const { values, positionals } = parseArgs({
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
  return { text: (positionals[0] ?? '').trim(), ...values, isDryRun: values['dry-run'] };
}

function actorName() {
  try {
    return `script:${userInfo().username}`;
  } catch {
    return `script:${process.env.USER ?? 'unknown'}`;
  }
}

/** The outcome, or a sentence that says why nothing was changed. */
async function update({ text, reason, isDryRun }) {
  const url = databaseUrl();
  if (!url) {
    const missing = 'no database is known: set DATABASE_URL, or run `npm start` first';
    return { fault: weightsFault(text) ?? missing };
  }
  const actor = actorName();
  let sql = null;
  try {
    sql = await within(deadlineMs, connect(url));
    const outcome = await within(deadlineMs, writeWeights(sql, { text, actor, reason, isDryRun }));
    return { ...outcome, actor, reason: reason ?? null };
  } catch (error) {
    if (['42883', '3F000', '42P01', '42703'].includes(error.code)) {
      return { fault: 'the database is not migrated; run `npm run migrate` first' };
    }
    if (isAway(error)) return { fault: weightsFault(text) ?? `the database is away: ${error.message || error.code}` };
    // The guard's own sentence begins as ours does.
    return { fault: error.message.replace(/^GEN_PROVIDER_WEIGHTS was not changed: /, '') };
  } finally {
    await sql?.end({ timeout: 1 }).catch(() => {});
  }
}

function describe({ before, after, actor, reason }, isDryRun) {
  const names = [...new Set([...Object.keys(before.weights ?? {}), ...Object.keys(after.weights)])];
  const isReadable = before.weights !== null && typeof before.weights === 'object';
  const shares = names.sort().map((name) => {
    const was = isReadable ? percent(before.weights[name] ?? 0) : '—';
    return `  ${name.padEnd(10)} ${was.padStart(8)} → ${percent(after.weights[name] ?? 0).padStart(8)}`;
  });
  const head = isDryRun
    ? `GEN_PROVIDER_WEIGHTS, version ${before.version ?? 'none'}: valid, nothing written (dry run)`
    : `GEN_PROVIDER_WEIGHTS, version ${before.version ?? 'none'} → ${after.version}`;
  const stage = isDryRun ? `stage ${before.stage ?? 'none'}` : `stage ${before.stage ?? 'none'} → ${after.stage}`;
  return [head, ...shares, `  ${stage}, by ${actor}${reason ? `: ${reason}` : ''}`].join('\n');
}

function percent(share) {
  return `${Number((share * 100).toFixed(7))} %`;
}

async function main() {
  let given;
  try {
    given = readArguments();
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}\n`);
    return 2;
  }
  if (given.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { fault, ...outcome } = await update(given);
  if (given.json) {
    const body = fault ? { ok: false, error: fault } : { ok: true, dry_run: given.isDryRun, ...outcome };
    process.stdout.write(`${JSON.stringify(body)}\n`);
  } else if (fault) {
    process.stderr.write(`GEN_PROVIDER_WEIGHTS was not changed: ${fault}\n`);
  } else {
    process.stdout.write(`${describe(outcome, given.isDryRun)}\n`);
  }
  return fault ? 1 : 0;
}

process.exitCode = await main();
