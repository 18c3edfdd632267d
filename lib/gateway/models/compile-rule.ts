import { isObject } from '@/lib/kernel/json-text';
import { type Kind, kindOf, usually, type ValueRule } from '@/lib/registry/model-rule';
import type { InputImage, Lora } from './image-request';

/** One parameter at one provider. */
export interface CompiledRule {
  readonly path: readonly string[];
  readonly isRequired: boolean;
  /** Ours, sent where the caller says nothing; undefined: nothing is sent. */
  readonly usual: unknown;
  /** Why a value of ours cannot be said there; null when it can. */
  whyNot(value: unknown): string | null;
  /** A value that can be said, in the provider's words. */
  write(value: unknown): unknown;
  /** The other way; undefined: it is no value of ours. */
  read(theirs: unknown): unknown;
}

export function compileRule(name: string, rule: ValueRule): CompiledRule {
  const way = wayOf(kindOf(name, rule), rule);
  return { path: (rule.to ?? name).split('.'), isRequired: rule.required === true, usual: rule.default, ...way };
}

type Way = Pick<CompiledRule, 'whyNot' | 'write' | 'read'>;

function wayOf(kind: Kind, rule: ValueRule): Way {
  switch (kind) {
    case 'whole':
    case 'number':
      return rule.values === undefined ? numbers(kind, rule) : choices(kind, rule);
    case 'text':
      return texts(rule);
    case 'flag':
    case 'choice':
      return choices(kind, rule);
    case 'image':
    case 'images':
      return images(kind, rule);
    case 'loras':
      return loras(rule);
    default:
      return { whyNot: () => null, write: (value) => value, read: (theirs) => theirs };
  }
}

function numbers(kind: 'whole' | 'number', { min, max, step, times = 1, plus = 0 }: ValueRule): Way {
  const rule = `${kind === 'whole' ? 'a whole number' : 'a number'}${rangeText(min, max)}${step ? ` in steps of ${step}` : ''}`;
  const isAsItIs = times === 1 && plus === 0;
  const isOne = (value: unknown): value is number =>
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (kind === 'number' || Number.isInteger(value)) &&
    value >= (min ?? Number.NEGATIVE_INFINITY) &&
    value <= (max ?? Number.POSITIVE_INFINITY) &&
    (step === undefined || isMultiple(value - (min ?? 0), step));
  return {
    whyNot: (value) => (isOne(value) ? null : `must be ${rule}`),
    write: (value) => (isAsItIs ? value : rounded(Number(value) * times + plus)),
    read(theirs) {
      if (typeof theirs !== 'number') return undefined;
      const ours = isAsItIs ? theirs : rounded((theirs - plus) / times);
      return isOne(ours) ? ours : undefined;
    },
  };
}

/** To twelve digits, so that 0.1 × 3 is 0.3; and no zero is negative. */
export function rounded(value: number): number {
  // The same for what is that near to six decimals, without the text between.
  const near = Math.round(value * 1e6) / 1e6;
  if (Math.abs(value) < 1e6 && Math.abs(value - near) <= Math.abs(value) * 1e-13) return near + 0;
  return Number(value.toPrecision(12));
}

const isMultiple = (value: number, step: number) => Math.abs(value / step - Math.round(value / step)) < 1e-9;

function rangeText(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
}

function texts({ max = usually.characters }: ValueRule): Way {
  const whyNot = (value: unknown) => {
    if (typeof value !== 'string') return 'must be text';
    return value.length > max ? `must be at most ${max} characters` : null;
  };
  const read = (theirs: unknown) => (whyNot(theirs) === null ? theirs : undefined);
  return { whyNot, write: (value) => value, read };
}

const writtenAs = { flag: 'boolean', choice: 'string', whole: 'number', number: 'number' } as const;

/** Ours → theirs, by a table; flags by `true` and `false` in it, numbers as they are written. */
function choices(kind: keyof typeof writtenAs, { values }: ValueRule): Way {
  const pairs = Array.isArray(values)
    ? values.map((value) => [value, value] as const)
    : Object.entries(values ?? (kind === 'flag' ? { true: true, false: false } : {}));
  const theirsOf = new Map<string, unknown>(pairs);
  const oursBy = (key: string) => (kind === 'flag' ? key === 'true' : kind === 'choice' ? key : Number(key));
  const oursOf = new Map<unknown, unknown>(pairs.map(([ours, theirs]) => [theirs, oursBy(ours)]));
  const keyOf = (value: unknown) => (typeof value === writtenAs[kind] ? String(value) : null);
  const rule = kind === 'flag' && pairs.length === 2 ? 'true or false' : `one of ${[...theirsOf.keys()].join(', ')}`;
  return {
    whyNot: (value) => (theirsOf.has(keyOf(value) ?? '') && keyOf(value) !== null ? null : `must be ${rule}`),
    write: (value) => theirsOf.get(String(value)),
    read: (theirs) => oursOf.get(theirs),
  };
}

/** Ours is a list for `image`, one for `mask`; theirs is a list where the rule says so. */
function images(kind: 'image' | 'images', { list = false, most = list ? usually.images : 1, takes }: ValueRule): Way {
  const isTaken = (image: unknown): image is InputImage =>
    typeof image === 'string' && (takes === undefined || takes.includes(image.startsWith('data:') ? 'data' : 'url'));
  const only = takes?.length === 1 ? (takes[0] === 'url' ? ' by URL' : ' as data: URI') : '';
  const whyNot = (value: unknown) => {
    const given: readonly unknown[] = kind === 'images' && Array.isArray(value) ? value : [value];
    if (given.length === 0 || given.length > most)
      return most === 1 ? 'must be one image' : `must be 1 to ${most} images`;
    return given.every(isTaken) ? null : `must be given${only}`;
  };
  return {
    whyNot,
    write(value) {
      const given = (Array.isArray(value) ? value : [value]) as readonly InputImage[];
      return list ? given : given[0];
    },
    read(theirs) {
      const given = Array.isArray(theirs) ? theirs : [theirs];
      if (Array.isArray(theirs) !== list || whyNot(kind === 'images' ? given : given[0]) !== null) return undefined;
      return kind === 'images' ? given : given[0];
    },
  };
}

function loras(rule: ValueRule): Way {
  const { most, model, scale, accepts = 'any', min, max } = { ...usually.lora, ...rule };
  const isCalled = (name: string) => accepts === 'any' || (accepts === 'url') === /^https:\/\//.test(name);
  const isLora = (value: unknown): value is Lora => {
    const { model: name, scale: weight } = (value ?? {}) as Partial<Lora>;
    return typeof name === 'string' && isCalled(name) && (weight === undefined || (weight >= min && weight <= max));
  };
  const named = accepts === 'url' ? ' by URL' : accepts === 'air' ? " by the provider's own id" : '';
  return {
    whyNot: (value) =>
      Array.isArray(value) && value.length <= most && value.every(isLora)
        ? null
        : `must be at most ${most}, each named${named}, with a scale from ${min} to ${max}`,
    write: (value) =>
      (value as readonly Lora[]).map((each) => ({
        [model]: each.model,
        ...(each.scale === undefined ? {} : { [scale]: each.scale }),
      })),

    read(theirs) {
      if (!Array.isArray(theirs)) return undefined;
      const ours = theirs.map((each: Record<string, unknown>) => {
        const { [model]: name, [scale]: weight, ...rest } = each ?? {};
        return Object.keys(rest).length > 0
          ? null
          : { model: name, ...(weight === undefined ? {} : { scale: weight }) };
      });
      return ours.length <= most && ours.every(isLora) ? ours : undefined;
    },
  };
}

type Tree = Record<string, unknown>;

/** Sets the member at a path such as `safety.checkContent`; objects on the way are made, or copied where they are there. */
export function put(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree;
  const last = path.length - 1;
  for (let i = 0; i < last; i += 1) {
    const name = path[i] ?? '';
    const inner = at[name];
    const copy: Tree = isObject(inner) ? { ...inner } : {};
    at[name] = copy;
    at = copy;
  }
  at[path[last] ?? ''] = value;
}

/** The same where every object on the way was made for this tree alone, so that none need be copied. */
export function putOwn(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree;
  const last = path.length - 1;
  for (let i = 0; i < last; i += 1) {
    const name = path[i] ?? '';
    const inner = at[name];
    if (isObject(inner)) at = inner;
    else {
      const made: Tree = {};
      at[name] = made;
      at = made;
    }
  }
  at[path[last] ?? ''] = value;
}

/** The member at a path; undefined where there is none. */
export function take(tree: Tree, path: readonly string[]): unknown {
  const [name = '', ...rest] = path;
  if (!Object.hasOwn(tree, name)) return undefined;
  const value = tree[name];
  if (rest.length === 0) return value;
  return isObject(value) ? take(value, rest) : undefined;
}

/** The same without the member, and without the objects that are empty then. */
export function without(tree: Tree, path: readonly string[]): Tree {
  const [name = '', ...rest] = path;
  const { [name]: value, ...others } = tree;
  if (rest.length === 0 || !isObject(value)) return others;
  const left = without(value, rest);
  return Object.keys(left).length === 0 ? others : { ...others, [name]: left };
}
