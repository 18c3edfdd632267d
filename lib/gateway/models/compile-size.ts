import { type SizeRule, usually } from '@/lib/registry/model-rule';
import { put, take, without } from './compile-rule';
import type { ImageRequest } from './image-request';

type Asked = Pick<ImageRequest, 'width' | 'height' | 'aspectRatio'>;
type Tree = Record<string, unknown>;

export const usualSide = 1024;

/** How the size was asked for, in the events and in the key of a price. */
export function sizeText({ width, height, aspectRatio }: Asked): string {
  if (aspectRatio !== undefined) return aspectRatio;
  return `${width ?? usualSide}x${height ?? usualSide}`;
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

/** How a size is said at one provider. */
export interface CompiledSize {
  /** Why it cannot; null when it can. A size that was not asked for is never in the way. */
  whyNot(asked: Asked): string | null;
  write(asked: Asked, into: Tree): void;
  /** What comes of it; null: the model decides. */
  madeOf(asked: Asked): Sides | null;
  /** The other way: what was said, and the body without it. Null: nothing of it is a size that we know. */
  read(body: Tree): { readonly size: Asked; readonly rest: Tree } | null;
}

/** A model without a rule has a size of its own. */
export const ownSize: CompiledSize = {
  whyNot: (asked) => (isAsked(asked) ? 'is not taken: the model has a size of its own' : null),
  write: () => undefined,
  madeOf: () => null,
  read: () => null,
};

export function compileSize(rule: SizeRule): CompiledSize {
  if (rule.as === 'ratio') return byRatio(rule.to.split('.'), rule.values, rule.default);
  if (rule.as === 'names') return byName(rule.to.split('.'), rule.values);
  return bySides(rule);
}

const isAsked = ({ width, aspectRatio }: Asked) => width !== undefined || aspectRatio !== undefined;
const usual: Sides = { width: usualSide, height: usualSide };

function sidesOf({ width, height }: Asked): Sides | null {
  return width === undefined || height === undefined ? null : { width, height };
}

function ratioOf(text: string): number {
  const [width = 0, height = 1] = text.split(':').map(Number);
  return width / height;
}

type SidesRule = Extract<SizeRule, { as: 'object' | 'sides' }>;

/** Which sides are made, and what comes of a ratio or of nothing said. */
interface Made {
  readonly range: string;
  fits(sides: Sides): boolean;
  inRatio(ratio: string): Sides | null;
  readonly unasked: Sides | null;
}

const isNear = ({ width, height }: Sides, ratio: string) => Math.abs(width / height / ratioOf(ratio) - 1) <= 0.03;

function inRange(rule: SidesRule): Made {
  const { min, max, step, most = usually.megapixels } = { ...usually.side, ...rule };
  const isFit = (side: number) => Number.isInteger(side) && side >= min && side <= max && side % step === 0;
  const fits = ({ width, height }: Sides) => isFit(width) && isFit(height) && (width * height) / 1e6 <= most;
  const steps = step > 1 ? `, a multiple of ${step}` : '';
  const megapixels = most < usually.megapixels ? `, at most ${most} megapixels` : '';
  return {
    range: `must have sides from ${min} to ${max}${steps}${megapixels}`,
    fits,
    inRatio(ratio) {
      const made = nearMegapixel(ratioOf(ratio), step);
      return fits(made) && isNear(made, ratio) ? made : null;
    },
    unasked: fits(usual) ? usual : null,
  };
}

const mostNamed = 12;

/** These and no others. Of several in one ratio the one that is nearest to the usual size. */
function listed(values: readonly string[], first?: string): Made {
  const all = values.flatMap((size) => sidesIn(size) ?? []);
  const isListed = ({ width, height }: Sides) => all.some((each) => each.width === width && each.height === height);
  const farness = ({ width, height }: Sides) => Math.abs(Math.log((width * height) / usualSide ** 2));
  const nearest = (found: readonly Sides[]) => [...found].sort((a, b) => farness(a) - farness(b))[0] ?? null;
  return {
    range: `must be one of ${values.slice(0, mostNamed).join(', ')}${values.length > mostNamed ? `, … (${values.length} sizes)` : ''}`,
    fits: isListed,
    inRatio: (ratio) => nearest(all.filter((each) => isNear(each, ratio))),
    unasked: sidesIn(first ?? '') ?? nearest(all.filter((each) => isNear(each, '1:1'))) ?? all[0] ?? null,
  };
}

function bySides(rule: SidesRule): CompiledSize {
  const { range, fits, inRatio, unasked } = rule.values
    ? listed(rule.values, rule.as === 'sides' ? rule.default : undefined)
    : inRange(rule);
  const known = new Map<string, Sides | null>();
  const inKnownRatio = (ratio: string): Sides | null => {
    const found = known.get(ratio);
    if (found !== undefined) return found;
    const sides = inRatio(ratio);
    if (known.size < 100) known.set(ratio, sides);
    return sides;
  };
  const chosen = (asked: Asked): Sides | null =>
    asked.aspectRatio === undefined ? (sidesOf(asked) ?? unasked) : inKnownRatio(asked.aspectRatio);
  const places = placesOf(rule);
  return {
    whyNot(asked) {
      const sides = chosen(asked);
      if (sides === null) return isAsked(asked) ? `${range}, and none of them make ${asked.aspectRatio}` : null;
      return fits(sides) ? null : range;
    },
    write(asked, into) {
      const sides = chosen(asked);
      if (sides === null) return;
      put(into, places.width, sides.width);
      put(into, places.height, sides.height);
    },
    madeOf: chosen,
    read(body) {
      const [width, height] = [take(body, places.width), take(body, places.height)];
      if (typeof width !== 'number' || typeof height !== 'number' || !fits({ width, height })) return null;
      return { size: { width, height }, rest: without(without(body, places.width), places.height) };
    },
  };
}

function placesOf(rule: SidesRule) {
  if (rule.as === 'sides') return { width: rule.width.split('.'), height: rule.height.split('.') };
  const to = rule.to.split('.');
  return { width: [...to, 'width'], height: [...to, 'height'] };
}

function nearMegapixel(ratio: number, step: number): Sides {
  const height = Math.sqrt((usualSide * usualSide) / ratio);
  const nearest = (side: number) => Math.max(step, Math.round(side / step) * step);
  return { width: nearest(height * ratio), height: nearest(height) };
}

/** Ratios only; where the sides that come of one are known, they may be asked for. */
function byRatio(
  path: readonly string[],
  values: readonly string[] | Readonly<Record<string, string>>,
  unasked = '1:1',
): CompiledSize {
  const madeBy = new Map(Array.isArray(values) ? values.map((ratio) => [ratio, '']) : Object.entries(values));
  const ratios = [...madeBy.keys()];
  const byMade = new Map([...madeBy].filter(([, made]) => made !== '').map(([ratio, made]) => [made, ratio]));
  const chosen = ({ width, height, aspectRatio }: Asked): string | undefined => {
    if (aspectRatio !== undefined) return madeBy.has(aspectRatio) ? aspectRatio : undefined;
    if (width !== undefined) return byMade.get(`${width}x${height}`);
    return madeBy.has(unasked) ? unasked : undefined;
  };
  return {
    whyNot(asked) {
      if (!isAsked(asked) || chosen(asked) !== undefined) return null;
      const sizes = byMade.size > 0 ? `, or ${[...byMade.keys()].join(', ')}` : '';
      return `must be one of the ratios ${ratios.join(', ')}${sizes}`;
    },
    write(asked, into) {
      const ratio = chosen(asked);
      if (ratio !== undefined) put(into, path, ratio);
    },
    madeOf: (asked) => sidesIn(madeBy.get(chosen(asked) ?? '') ?? ''),
    read(body) {
      const ratio = take(body, path);
      if (typeof ratio !== 'string' || !madeBy.has(ratio)) return null;
      return { size: { aspectRatio: ratio }, rest: without(body, path) };
    },
  };
}

/** Exactly these sizes, each by a name of the provider's. */
function byName(path: readonly string[], values: Readonly<Record<string, string>>): CompiledSize {
  const names = new Map(Object.entries(values));
  const sizes = new Map([...names].map(([size, name]) => [name, size]));
  const inRatio = (ratio: string) =>
    [...names.keys()].find((size) => {
      const sides = sidesIn(size);
      return sides !== null && Math.abs(sides.width / sides.height / ratioOf(ratio) - 1) <= 0.03;
    });
  const chosen = ({ width, height, aspectRatio }: Asked): string | undefined => {
    if (aspectRatio !== undefined) return inRatio(aspectRatio);
    const size = width === undefined ? `${usualSide}x${usualSide}` : `${width}x${height}`;
    return names.has(size) ? size : undefined;
  };
  return {
    whyNot: (asked) =>
      !isAsked(asked) || chosen(asked) !== undefined ? null : `must be one of ${[...names.keys()].join(', ')}`,
    write(asked, into) {
      const size = chosen(asked);
      if (size !== undefined) put(into, path, names.get(size));
    },
    madeOf: (asked) => sidesIn(chosen(asked) ?? ''),
    read(body) {
      const sides = sidesIn(sizes.get(take(body, path) as string) ?? '');
      return sides && { size: sides, rest: without(body, path) };
    },
  };
}

function sidesIn(text: string): Sides | null {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) };
}
