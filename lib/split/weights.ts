import { readMembers } from '@/lib/kernel/json-text';

/** Provider → share, 0..1, sum 1. Providers left out count 0. */
export type Weights = Readonly<Record<string, number>>;

/** Shares that differ by less are the same share: a billionth routes nothing. */
const sameWithin = 1e-9;

export function shareOf(weights: Weights, provider: string): number {
  return Object.hasOwn(weights, provider) ? (weights[provider] ?? 0) : 0;
}

/** In order of name, without -0 and without the dust of `0.7 + 0.2`: equal weights have equal text. */
export function normalise(weights: Weights): Weights {
  const entries = Object.entries(weights).map(([name, share]) => [name, Math.round(share * 1e9) / 1e9 + 0] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function weightsText(weights: Weights): string {
  return JSON.stringify(normalise(weights));
}

export function sameWeights(one: Weights, other: Weights): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => Math.abs(shareOf(one, name) - shareOf(other, name)) < sameWithin);
}

/** The provider with the largest share; the baseline on a tie. */
export function primaryOf(weights: Weights, baseline: string): string {
  let primary = baseline;
  for (const name of Object.keys(weights).sort()) {
    if (shareOf(weights, name) > shareOf(weights, primary)) primary = name;
  }
  return primary;
}

/** A share exactly as it is written, by the rules of SQL's numeric: a double would round it first. */
interface ExactShare {
  readonly isInRange: boolean;
  /** Rounded half up at the ninth decimal, as `round(n, 9)`. */
  readonly billionths: number;
}

const shape = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const places = 9;
/** Beyond so many zeros behind the point nothing is left of it. */
const vanishing = 40;

/** null: the literal is no decimal number. */
function exactShare(literal: string): ExactShare | null {
  const [, sign = '', whole = '', part = '', exponent = '0'] = shape.exec(literal) ?? [];
  if (whole === '') return null;
  const digits = `${whole}${part}`.replace(/^0+/, '');
  if (digits === '') return { isInRange: true, billionths: 0 };
  /** The number is digits × 10^-scale. */
  const scale = part.length - Number(exponent);
  const leading = digits.length - scale;
  if (sign === '-' || leading > 1) return { isInRange: false, billionths: 0 };
  if (leading < -vanishing) return { isInRange: true, billionths: 0 };
  const value = BigInt(digits);
  const isAtMostOne = scale <= 0 ? value * 10n ** BigInt(-scale) <= 1n : value <= 10n ** BigInt(scale);
  return { isInRange: isAtMostOne, billionths: Number(roundedAt(value, scale)) };
}

function roundedAt(value: bigint, scale: number): bigint {
  if (scale <= places) return value * 10n ** BigInt(places - scale);
  const unit = 10n ** BigInt(scale - places);
  return (value + unit / 2n) / unit;
}

/** What shares that were numbers already add up to, in units of 1e-18: those of a policy are not rounded one by one. */
export function exactSum(shares: readonly number[]): bigint {
  return shares.reduce((total, share) => {
    const [mantissa = '0', exponent = '0'] = share.toExponential().split('e');
    const [whole = '0', part = ''] = mantissa.split('.');
    const places18 = 18 + Number(exponent) - part.length;
    const digits = BigInt(`${whole}${part}`);
    return total + (places18 >= 0 ? digits * 10n ** BigInt(places18) : digits / 10n ** BigInt(-places18));
  }, 0n);
}

/** What the weights of one split may name. */
interface WeightRules {
  /** The split's arms. */
  readonly registered: readonly string[];
  readonly baseline: string;
  readonly candidates: readonly string[];
}

export type WeightsReading =
  | { readonly ok: true; readonly weights: Weights }
  | { readonly ok: false; readonly sentence: string };

const longest = 4096;

/** In billionths: how far from 1 the shares may add up; the database's guard allows the same. */
const tolerance = 1000;
const example = '{"fal":0.9,"runware":0.1}';

/** Judges weights as they were written, in the words of the database's guard (`sluice.weights_fault`). */
export function readWeights(text: string, rules: WeightRules): WeightsReading {
  const length = [...text].length;
  if (length > longest) return fault(`the weights are ${length} characters long; at most ${longest} are allowed`);
  try {
    JSON.parse(text);
  } catch (error) {
    return fault(`${quote(text)} is not JSON (${reasonOf(error)}); write an object like ${example}`);
  }
  const members = readMembers(text);
  if (!members) return fault(`${quote(text)} is ${nounOf(text)}; weights are an object like ${example}`);
  return readShares(
    members.map(({ key, literal }) => [key, literal]),
    rules,
  );
}

/** The same for a body that is already parsed; prefer `readWeights` where the text is at hand: it sees duplicates. */
export function readWeightsValue(value: unknown, rules: WeightRules): WeightsReading {
  if (value === undefined) return fault(`the weights are missing; write an object like ${example}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return readWeights(literalOf(value), rules);
  return readShares(
    Object.entries(value).map(([key, share]) => [key, literalOf(share)]),
    rules,
  );
}

function readShares(members: readonly (readonly [string, string])[], rules: WeightRules): WeightsReading {
  const shares = new Map<string, number>();
  let billionths = 0;
  for (const [provider, literal] of members) {
    const sentence = shares.has(provider)
      ? `provider ${quote(provider)} is written twice`
      : faultOfShare(provider, literal, rules);
    if (sentence) return fault(sentence);
    shares.set(provider, Number(literal));
    billionths += exactShare(literal)?.billionths ?? 0;
  }
  if (shares.size === 0) return fault(`the weights name no provider; write an object like ${example}`);
  const missing = [rules.baseline, ...rules.candidates].find((name) => !shares.has(name));
  if (missing !== undefined) {
    return fault(`the weights leave out ${missing}; ${mustBeNamed(rules)}`);
  }
  if (Math.abs(billionths - 1e9) > tolerance) {
    return fault(`the weights add up to ${decimal(billionths)}; they must add up to 1`);
  }
  return { ok: true, weights: normalise(Object.fromEntries(shares)) };
}

const mustBeNamed = ({ candidates }: WeightRules): string =>
  candidates.length > 1
    ? 'the baseline and every candidate must be named'
    : 'the baseline and the candidate must both be named';

function faultOfShare(provider: string, literal: string, rules: WeightRules): string | null {
  if (!rules.registered.includes(provider)) {
    return `${quote(provider)} is not an arm of this split; its arms are: ${[...rules.registered].sort().join(', ')}`;
  }
  const isNumber = /^-?\d|^-?Infinity$|^NaN$/.test(literal);
  if (!isNumber) {
    return `the weight of ${provider} is ${cut(literal)}, a ${typeOf(literal)}; it must be a number from 0 to 1`;
  }
  if (!exactShare(literal)?.isInRange) {
    return `the weight of ${provider} is ${cut(literal)}; it must be from 0 to 1`;
  }
  return null;
}

function fault(sentence: string): WeightsReading {
  return { ok: false, sentence };
}

function literalOf(value: unknown): string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (JSON.stringify(value) ?? 'null');
}

function typeOf(literal: string): string {
  const first = literal[0] ?? '';
  const types: Record<string, string> = { '"': 'string', '{': 'object', '[': 'array', t: 'boolean', f: 'boolean' };
  return types[first] ?? (first === 'n' ? 'null' : 'number');
}

function nounOf(text: string): string {
  const type = typeOf(text.trim());
  if (type === 'null') return 'null';
  return type === 'array' ? 'an array' : `a ${type}`;
}

function cut(text: string): string {
  return [...text].slice(0, 64).join('');
}

/** As Postgres' quote_literal writes it, so that both guards speak alike; at most 64 characters of what came. */
function quote(text: string): string {
  const short = cut(text);
  const quoted = `'${short.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  return short.includes('\\') ? `E${quoted}` : quoted;
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return message.split(/,? *"/)[0]?.slice(0, 80) || 'syntax';
}

function decimal(billionths: number): string {
  return (billionths / 1e9).toFixed(9).replace(/\.?0+$/, '');
}

/** As far as they can be read, whether or not they may be used; null: they are no weights at all. */
export function looselyRead(text: string | null): Weights | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    const shares = Object.entries(value).filter((each): each is [string, number] => typeof each[1] === 'number');
    return Object.fromEntries(shares);
  } catch {
    return null;
  }
}
