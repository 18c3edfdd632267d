import { readFile } from 'node:fs/promises';
import type { SplitItem } from '@/lib/api/splits-view';
import type { Control } from '@/lib/control/control';
import { readSplits } from '@/lib/control/splits/read-splits';
import { excerpt } from '@/lib/kernel/excerpt';
import type { SplitEntry } from '@/lib/registry/registry';
import type { SplitChange } from '@/lib/registry/write-registry';
import { argumentAt, type Command, type Invocation, textOption, UsageError, verbOf, writtenBy } from '../../command';
import { withAccess } from '../../open-access';
import { armOf, textsOption } from '../../texts/arm-text';
import { capsText, quotaOf, quotaOptions, quotaUsage, spendingLines } from '../../texts/quota-text';
import { tableLines } from '../../texts/table-lines';
import { armVerbs } from './arms';

type Verb = (call: Invocation) => Promise<void>;

const percent = (share: number | null) => (share === null ? '' : `${Number((share * 100).toFixed(2))} %`);
const stageText = ({ stage, without, paused, archived_at }: SplitItem) =>
  [
    stage ?? 'no weights',
    ...without.map((arm) => `without ${arm}`),
    paused ? '(paused)' : '',
    archived_at ? '(archived)' : '',
  ]
    .filter((each) => each !== '')
    .join(' ');

const list: Verb = async (call) => {
  const view = await readSplits(await call.controls());
  const rows = view.splits.map((one) => [
    ...[one.slug, one.kind, stageText(one), percent(one.candidate_share)],
    ...[one.error === null ? (one.worst ?? '') : 'not judged', one.next ?? '', one.since ?? '', one.by ?? ''],
  ]);
  call.answer(view, tableLines(['split', 'kind', 'stage', 'share', 'worst', 'next', 'since', 'by'], rows));
};

const add: Verb = async (call) => {
  const slug = argument(call, 1);
  const { values } = call;
  const baseline = textOption(values, 'baseline');
  const candidates = textsOption(values, 'candidate');
  if (baseline === null || candidates.length === 0) {
    throw new UsageError('A split needs --baseline ARM and at least one --candidate ARM.');
  }
  const arms = textsOption(values, 'arm').map(armOf);
  const stranger = arms.find(({ name }) => name !== baseline && !candidates.includes(name));
  if (stranger) throw new UsageError(`--arm ${stranger.name}=… is neither the baseline nor a candidate.`);
  const entry = (name: string) =>
    arms.find((arm) => arm.name === name) ?? { name, provider: name, model: null, params: {} };
  const file = textOption(values, 'policy');
  const asked = {
    ...{ slug, kind: (textOption(values, 'kind') ?? 'image') as SplitEntry['kind'] },
    ...{ key: textOption(values, 'key') ?? undefined, label: textOption(values, 'label') ?? undefined },
    ...{ match: matchOf(call), isDefault: values.default === true },
    ...{ baseline: entry(baseline), candidates: candidates.map(entry) },
    ...(file === null ? {} : { policy: JSON.parse(await readFile(file, 'utf8')) }),
  };
  const { registry } = await call.controls();
  await call.confirm(`Make the split ${slug}, with all traffic on ${baseline}?`);
  const made = await registry.newSplit(asked, writtenBy(call));
  call.answer(made, [
    `splits: ${made.slug} (${made.key}) is made, all on ${baseline}. Begin: sluice advance --split ${slug}`,
  ]);
};

const rename: Verb = async (call) => {
  const [, , slug] = call.positionals;
  const label = textOption(call.values, 'label') ?? undefined;
  if (slug === undefined) throw usage();
  await change(call, { slug, label }, `Call it ${slug} from now on?`, `is called ${slug} now`);
};

const set: Verb = async (call) => {
  const label = textOption(call.values, 'label') ?? undefined;
  const { default: isIt, 'no-default': isNot } = call.values;
  const isDefault = isIt === true ? true : isNot === true ? false : undefined;
  const match = matchOf(call);
  if (label === undefined && isDefault === undefined && match === undefined) {
    throw new UsageError('Say what changes: --label, --model, --prefix, --default or --no-default.');
  }
  await change(call, { label, isDefault, match }, 'Change it?', 'is changed');
};

const limit: Verb = async (call) => {
  const quota = quotaOf(call);
  await change(call, { quota }, `Limit its jobs so: ${capsText(quota)}?`, `is limited now: ${capsText(quota)}`);
};

const quota: Verb = async (call) => {
  const slug = argument(call, 1);
  const { facts } = await splitNamed(call, slug);
  const spent = await withAccess(call, ({ spending }) => spending.ofSplit(facts.split));
  call.answer({ split: slug, ...spent }, spendingLines(spent.quota, spent.today));
};

const archive: Verb = (call) =>
  change(call, { archived: true }, 'Archive it? Requests that name it are refused then.', 'is archived');
const unarchive: Verb = (call) => change(call, { archived: false }, 'Take it out again?', 'is in use again');

async function change(call: Invocation, to: SplitChange, question: string, done: string): Promise<void> {
  const slug = argument(call, 1);
  const { facts } = await splitNamed(call, slug);
  await call.confirm(`${slug} (${facts.split}): ${question}`);
  const version = await (await call.controls()).registry.changeSplit(facts.split, to, writtenBy(call));
  call.answer({ key: facts.split, slug: to.slug ?? slug, registry_version: version }, [`splits: ${slug} ${done}.`]);
}

async function splitNamed(call: Invocation, slug: string): Promise<Control> {
  const { bySlug, registry } = await call.controls();
  const control = await bySlug(slug);
  if (control !== null) return control;
  throw new UsageError(`There is no split "${excerpt(slug)}". There are: ${(await registry.slugs()).join(', ')}.`);
}

/** undefined: nothing is said of it. */
function matchOf({ values }: Invocation): SplitEntry['match'] | undefined {
  const [models, prefixes] = [textsOption(values, 'model'), textsOption(values, 'prefix')];
  if (models.length + prefixes.length === 0) return undefined;
  return { ...(models.length > 0 && { models }), ...(prefixes.length > 0 && { prefixes }) };
}

const verbs: Readonly<Record<string, Verb>> = {
  list,
  add,
  rename,
  set,
  limit,
  quota,
  archive,
  unarchive,
  ...armVerbs(splitNamed),
};

export const splits: Command = {
  summary: 'every split, where it stands; add, rename, set, archive one, and its arms',
  writes: 'at once',
  usage:
    'splits [list | add SLUG … | rename SLUG NEW | set SLUG … | limit SLUG [caps] | quota SLUG | archive SLUG | unarchive SLUG | arms SLUG | arm SLUG ARM | remove-arm SLUG NAME]',
  notes: [
    'add: --kind image|job|relay|assign --baseline ARM --candidate ARM … [--arm NAME=PROVIDER[:MODEL] …] [--key KEY] [--label TEXT] [--policy FILE]',
    '     An arm that no --arm describes is the provider of its name. All traffic is on the baseline at first.',
    'set: --label TEXT, --model GLOB … and --prefix /PATH … (what comes to it unasked), --default, --no-default.',
    `limit: ${quotaUsage}, of all its callers together; what is left out is not limited.`,
    'quota: what its jobs of today come to, beside what they may.',
    'arm: adds NAME=PROVIDER[:MODEL] [--params JSON], or changes one that serves nothing.',
  ],
  options: {
    ...{ kind: { type: 'string' }, baseline: { type: 'string' }, candidate: { type: 'string', multiple: true } },
    ...{ arm: { type: 'string', multiple: true }, key: { type: 'string' }, label: { type: 'string' } },
    ...{ model: { type: 'string', multiple: true }, prefix: { type: 'string', multiple: true } },
    ...{ default: { type: 'boolean' }, 'no-default': { type: 'boolean' }, policy: { type: 'string' } },
    ...quotaOptions,
    ...{ params: { type: 'string' }, reason: { type: 'string' } },
  },
  positionals: [0, 3],
  async run(call) {
    const verb = verbOf(verbs, call, splits.usage, 'list');
    await verb(call);
    return undefined;
  },
};

const argument = (call: Invocation, at: number) => argumentAt(call, at, splits.usage);

const usage = () => new UsageError(`Usage: sluice ${splits.usage}`);
