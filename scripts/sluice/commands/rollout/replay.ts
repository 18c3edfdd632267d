import { excerpt } from '@/lib/kernel/excerpt';
import { type ReplayOptions, startReplay } from '@/lib/replay/replay';
import type { ReplayReport } from '@/lib/replay/replay-report';
import { splitKeyShape } from '@/lib/split/name-shapes';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { readPolicy } from '@/lib/split/policy/read-policy';
import { firstSplit } from '@/lib/split/split-key';
import { type Command, type Invocation, instantOption, textOption, UsageError } from '../../command';
import { readPolicyFile } from '../../policy-file';
import { linesOf, recordingFiles } from '../../recording-files';

const dayMs = 86_400_000;

export const replay: Command = {
  summary: 'recorded events through the live rule: every verdict change, and the rollback',
  usage: 'replay (--ndjson FILE|FOLDER|- …  |  [--from ISO] [--to ISO]) [--policy FILE] [--until ISO]',
  notes: [
    'With --ndjson it writes nothing and needs no database; several files or a folder answer one object a line with `file`.',
    'A recording is read for the first split, or for the one whose key --split names, as VIDEO_WEIGHTS, by --policy.',
    'Without it the last 24 hours of the database are replayed, or --from to --to.',
  ],
  ofSplit: true,
  options: {
    ndjson: { type: 'string', multiple: true },
    policy: { type: 'string' },
    until: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    split: { type: 'string' },
  },
  positionals: [0, 10_000],
  async run(call) {
    const options = await replayOptions(call);
    const named = call.values.ndjson;
    if (!Array.isArray(named)) return replayDatabase(call, options);
    const { files, isSeveral } = await recordingFiles([...named.map(String), ...call.positionals]);
    for (const file of files) {
      const replaying = startReplay(options);
      await linesOf(file, replaying.read);
      const report = replaying.finish();
      if (!call.json && isSeveral) call.say(`${file}:`);
      call.answer(isSeveral ? { file, ...report } : report, reportLines(report));
    }
    return undefined;
  },
};

async function replayOptions({ values }: Invocation): Promise<ReplayOptions> {
  const file = textOption(values, 'policy');
  const policy: Policy = file === null ? defaultPolicy : await readPolicyFile(file);
  const cost = Number(process.env.GEN_BASELINE_COST_USD);
  const split = textOption(values, 'split');
  if (split !== null && !splitKeyShape.test(split))
    throw new UsageError(`--split is "${excerpt(split)}"; write a split's key, as VIDEO_WEIGHTS.`);
  return {
    split: split ?? firstSplit,
    policy,
    policySource: file === null ? 'default' : 'given',
    readPolicy: (text) => readPolicy(text),
    fallbackPolicy: policy,
    untilMs: instantOption(values, 'until') ?? null,
    registered: [defaultPolicy.baseline, ...defaultPolicy.candidates],
    environmentCostUsd: cost > 0 && Number.isFinite(cost) ? cost : null,
  };
}

async function replayDatabase(call: Invocation, options: ReplayOptions): Promise<undefined> {
  if (call.positionals.length > 0) throw new UsageError('Name files with --ndjson.');
  const control = await call.control();
  const { nowMs } = await control.flags.readSplit();
  const toMs = instantOption(call.values, 'to') ?? nowMs;
  const fromMs = instantOption(call.values, 'from') ?? toMs - dayMs;
  if (fromMs >= toMs) throw new UsageError('--from must be earlier than --to.');
  const stored = await control.flags.readPolicy();
  const isGiven = options.policySource === 'given';
  const policy = isGiven ? options.policy : stored.policy;
  const registered = (await control.facts.registered()).map(({ name }) => name);
  const replaying = startReplay({
    ...options,
    split: control.facts.split,
    registered,
    policy,
    fallbackPolicy: policy,
    untilMs: options.untilMs ?? toMs,
  });
  await control.recordings.lines({ fromMs, toMs, withPolicies: false }, replaying.read);
  const report = replaying.finish();
  call.answer(report, reportLines(report));
  return undefined;
}

export function reportLines(report: ReplayReport): string[] {
  const { bad_lines: bad, rollback_at: at } = report;
  return [
    ...report.verdicts.map(({ at: when, explanation, verdict }) => `${when}  ${verdict.padEnd(12)} ${explanation}`),
    ...report.flag_writes
      .filter(({ fault }) => fault !== null)
      .map(
        ({ at: when, fault }) =>
          `${when}  ${/^the row was deleted/.test(fault ?? '') ? 'deleted' : 'refused'}      ${fault}`,
      ),
    ...(bad.count > 0
      ? [
          `${bad.count} lines could not be read: ${bad.first.map((each) => `line ${each.line}: ${each.fault}`).join('; ')}`,
        ]
      : []),
    `${report.events} events of ${report.lines} lines, ${report.from ?? 'nothing'} to ${report.to ?? 'nothing'}, policy ${report.policy}`,
    ...(report.backfilled === undefined
      ? []
      : [`${report.backfilled} of the events are backfilled: this replay counts them, the live rule does not.`]),
    at === null ? 'No rollback.' : `Rollback at ${at} by ${report.red_line}.`,
  ];
}
