import { formatPolicy } from '@/lib/split/policy/format-policy';
import type { Policy } from '@/lib/split/policy/policy';
import { usualPlan, usualRelayPlan } from '@/lib/split/policy/usual-plan';
import { usualKey } from '@/lib/split/split-key';
import { nameFrom } from './names';
import type { Imported } from './provider-of';

export interface SplitImported {
  readonly slug: string;
  readonly entry: Readonly<Record<string, unknown>> & { readonly arms: Readonly<Record<string, unknown>> };
  readonly notes: readonly string[];
}

interface Shared {
  readonly slug: string;
  readonly kind: 'relay' | 'image';
  readonly match: Readonly<Record<string, readonly string[]>>;
  readonly members: readonly Imported[];
  readonly notes?: readonly string[];
}

const mostArms = 8;
const mostModels = 64;

/** Where several channels serve the same: their providers are arms, and the plan leads to the shares they had. */
export function splitsOf(
  imported: readonly Imported[],
  names: ReadonlyMap<Imported, string>,
  takenSlugs: ReadonlySet<string>,
): readonly SplitImported[] {
  const used = new Set(takenSlugs);
  return [...relaysShared(imported), ...modelsShared(imported)].map((shared) => {
    const slug = [shared.slug, `${shared.slug}-imported`].find((each) => !used.has(each)) ?? `${shared.slug}-imported`;
    used.add(slug);
    return splitOf({ ...shared, slug }, names);
  });
}

/** A relay sends on by its prefix, whatever model is named: all channels of one dialect are arms of one. */
function relaysShared(imported: readonly Imported[]): Shared[] {
  const dialects = [...new Set(imported.flatMap(({ dialect }) => dialect ?? []))];
  return dialects.flatMap((dialect) => {
    const members = imported.filter((one) => one.dialect === dialect);
    const slug = dialect === 'openai-videos' ? 'sora' : dialect;
    const prefixes = dialect === 'runway' ? ['/runway', '/runwayml'] : [`/${slug}`];
    return members.length < 2 ? [] : [{ slug, kind: 'relay', match: { prefixes }, members } as const];
  });
}

/** Models that just the same channels serve are one split. */
function modelsShared(imported: readonly Imported[]): Shared[] {
  const byMembers = new Map<string, { members: Imported[]; models: string[] }>();
  const models = [...new Set(imported.flatMap((one) => Object.keys(one.models)))].sort();
  for (const model of models) {
    const members = imported.filter((one) => Object.hasOwn(one.models, model));
    if (members.length < 2) continue;
    const key = members.map(({ channel }) => channel.id).join(' ');
    const known = byMembers.get(key) ?? { members, models: [] };
    byMembers.set(key, known);
    known.models.push(model);
  }
  return [...byMembers.values()].map(({ members, models: own }) => {
    const slug = nameFrom(own[0] ?? '') || `models-${members[0]?.channel.id ?? 0}`;
    const rest = own.slice(mostModels);
    const notes =
      rest.length === 0 ? [] : [`has no room for ${rest.length} more models: ${rest.slice(0, 5).join(', ')} …`];
    return { slug, kind: 'image', match: { models: own.slice(0, mostModels) }, members, notes };
  });
}

/** As it drew: the highest priority alone, each by its weight and ten. */
function splitOf(
  { slug, kind, match, members, notes = [] }: Shared,
  names: ReadonlyMap<Imported, string>,
): SplitImported {
  const sorted = [...members].sort(
    ({ channel: a }, { channel: b }) => b.priority - a.priority || b.weight - a.weight || a.id - b.id,
  );
  const arms = sorted.slice(0, mostArms);
  const nameOf = (one: Imported) => names.get(one) ?? '';
  const first = arms[0]?.channel.priority;
  const drawn = arms.filter(({ channel }) => channel.priority === first);
  const [baseline = '', ...candidates] = arms.map(nameOf);
  const usual = kind === 'relay' ? usualRelayPlan(baseline, candidates, 'job') : usualPlan(baseline, candidates);
  const shares = sharesOf(drawn.map((one) => [nameOf(one), one.channel.weight + 10]));
  const policy = drawn.length > 1 ? { ...usual, stages: stagesTo(shares, baseline, candidates) } : usual;
  return {
    slug,
    entry: {
      ...{ key: usualKey(slug), kind, label: slug, match },
      arms: Object.fromEntries(arms.map((one) => [nameOf(one), { provider: nameOf(one) }])),
      policy: formatPolicy(policy),
    },
    notes: [
      ...notes,
      drawn.length > 1
        ? `begins with everything on ${baseline}; its last stage has the shares that the weights gave: ${shareText(shares)}`
        : `begins with everything on ${baseline}, as its priority was; the plan moves to ${candidates.join(', ')}, which were asked when it failed`,
      ...(drawn.length > 1 && drawn.length < arms.length
        ? [`gives nothing to ${arms.slice(drawn.length).map(nameOf).join(', ')}, whose priority was lower`]
        : []),
      ...sorted.slice(mostArms).map((one) => `has no room for ${nameOf(one)}: it has ${mostArms} arms already`),
    ],
  };
}

function shareText(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${Number((share * 100).toFixed(2))} %`)
    .join(', ');
}

/** To a ten-thousandth; the first has what is left over. */
function sharesOf(weights: readonly (readonly [string, number])[]): Record<string, number> {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return whole(weights.map(([name, weight]) => [name, Math.floor((weight / sum) * 10_000)]));
}

function whole(parts: readonly (readonly [string, number])[]): Record<string, number> {
  const [first, ...others] = parts;
  const left = 10_000 - others.reduce((total, [, part]) => total + part, 0);
  const all = first === undefined ? [] : [[first[0], left] as const, ...others];
  return Object.fromEntries(all.map(([name, part]) => [name, part / 10_000]));
}

/** A tenth of the way, half of it, all of it. */
function stagesTo(
  shares: Readonly<Record<string, number>>,
  baseline: string,
  candidates: readonly string[],
): Policy['stages'] {
  const at = (part: number) =>
    whole([
      [baseline, 0],
      ...candidates.map((name) => [name, Math.round((shares[name] ?? 0) * part * 10_000)] as const),
    ]);
  return [
    { name: 'D1', weights: at(0.1), observeSeconds: 3600 },
    { name: 'D2', weights: at(0.5), observeSeconds: 10_800 },
    { name: 'D3', weights: at(1), observeSeconds: null },
  ];
}
