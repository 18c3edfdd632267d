import { isObject } from '@/lib/kernel/json-text';
import { type Price, price, sizeRule, valueRule } from '@/lib/registry/model-rule';
import type { ModelEntry } from '@/lib/registry/registry';
import { type CompiledRule, compileRule, put, putOwn, take, without } from './compile-rule';
import { type CompiledSize, compileSize, ownSize, sizeText } from './compile-size';
import type { Fields, ImageRequest, Params } from './image-request';

/** Something of a request that a model cannot be told at its provider. */
export interface Lost {
  readonly field: string;
  readonly why: string;
}

const nothing: readonly Lost[] = [];

/** The list with one more, where there is a reason; a caller may name thousands that are not taken. */
function withLost(lost: Lost[] | null, field: string, why: string | null): Lost[] | null {
  if (why === null) return lost;
  if (lost === null) return [{ field, why }];
  lost.push({ field, why });
  return lost;
}

/** What a provider is told of a request. */
interface Telling {
  readonly fields: Record<string, unknown>;
  /** Parameters that reach it as another value than was written. */
  readonly mapped: readonly string[];
}

const falVideo = /(?:^|\/)(?:[\w.-]*video[\w.-]*|veo[\d.]*)(?:\/|$)/;

export function makesVideo(adapter: string, id: string, fixed: Readonly<Record<string, unknown>>): boolean {
  return fixed.taskType === 'videoInference' || (adapter === 'fal' && falVideo.test(id));
}

/** A request as the provider is to be told it, and what is known of it. */
export interface VendorRequest {
  readonly model: CompiledModel;
  readonly fields: Fields;
  readonly request: ImageRequest;
}

/** What one vendor's door was told, in our words; `rest` has no word of ours. */
interface Read {
  readonly prompt: string | null;
  readonly n: number;
  readonly size: Pick<ImageRequest, 'width' | 'height' | 'aspectRatio'>;
  readonly params: Params;
  readonly rest: Fields;
}

/** One model at one provider: what of a request can be said there, and how. */
export class CompiledModel {
  readonly alias: string;
  /** As the provider calls it. */
  readonly id: string;
  readonly price: Price;
  readonly lossy: ModelEntry['lossy'];
  private readonly rules: ReadonlyMap<string, CompiledRule>;
  private readonly prompt: CompiledRule | undefined;
  private readonly count: CompiledRule | undefined;
  private readonly size: CompiledSize;
  /** Sent, or missed, where a request says nothing of them. */
  private readonly unasked: readonly (readonly [string, CompiledRule])[];
  private readonly put: typeof put;

  constructor(
    private readonly entry: ModelEntry,
    private readonly adapter: string,
    rules: ReadonlyMap<string, CompiledRule>,
    size: CompiledSize,
    listed: Price,
  ) {
    this.alias = entry.alias;
    this.id = entry.providerModel;
    this.lossy = entry.lossy;
    this.price = listed;
    this.size = size;
    this.prompt = rules.get('prompt');
    this.count = rules.get('n');
    this.rules = new Map([...rules].filter(([name]) => name !== 'prompt' && name !== 'n'));
    this.unasked = [...this.rules].filter(([, { isRequired, usual }]) => isRequired || usual !== undefined);
    this.put = isShared(entry.fixed, rules) ? put : putOwn;
  }

  takes(parameter: string): boolean {
    return this.rules.has(parameter);
  }

  /** What the provider calls one of our parameters; its own name where there is no rule for it. */
  wordOf(name: string): string {
    const rule = name === 'prompt' ? this.prompt : name === 'n' ? this.count : this.rules.get(name);
    return rule?.path[0] ?? name;
  }

  /** It works on an image that is given, and needs no words: it answers with that one. */
  get makesOne(): boolean {
    return this.prompt?.isRequired !== true && this.count === undefined;
  }

  /** As its vendor names it: a video is answered later, and never within a call for images. */
  get makesVideo(): boolean {
    return makesVideo(this.adapter, this.id, this.entry.fixed);
  }

  /** What this provider cannot be told; nearly always nothing. */
  lostOf(request: ImageRequest): readonly Lost[] {
    const { prompt, n, params, raw } = request;
    let lost: Lost[] | null = null;
    if (prompt !== null) lost = withLost(lost, 'prompt', this.prompt ? this.prompt.whyNot(prompt) : 'is not taken');
    else if (this.prompt?.isRequired) lost = withLost(lost, 'prompt', 'is required');
    if (this.count) lost = withLost(lost, 'n', this.count.whyNot(n));
    else if (n !== 1) lost = withLost(lost, 'n', 'must be 1');
    lost = withLost(lost, 'size', this.size.whyNot(request));
    for (const [name, { isRequired }] of this.unasked) {
      if (isRequired && params?.[name] === undefined) lost = withLost(lost, name, 'is required');
    }
    for (const name in params) {
      const value = params[name];
      if (value === undefined) continue;
      const rule = this.rules.get(name);
      const why = rule ? rule.whyNot(value) : 'is not taken';
      if (why !== null) lost = withLost(lost, name, why);
    }
    if (raw && raw.adapter !== this.adapter)
      for (const name in { ...raw.fields, ...raw.headers })
        lost = withLost(lost, name, `is known to ${raw.adapter} alone`);
    return lost ?? nothing;
  }

  /** The body for the provider, without what is lost there. */
  tell(request: ImageRequest, lost: readonly Lost[] = nothing): Telling {
    const { prompt, n, params, aspectRatio, raw, options } = request;
    const mapped: string[] = [];
    const isLost = (name: string) => lost.length > 0 && lost.some(({ field }) => field === name);
    const body: Record<string, unknown> = { ...this.entry.fixed };
    if (prompt !== null && this.prompt && !isLost('prompt'))
      this.put(body, this.prompt.path, this.prompt.write(prompt));
    if (this.count) this.put(body, this.count.path, this.count.write(n));
    if (!isLost('size')) {
      this.size.write(request, body);
      if (aspectRatio !== undefined && this.size.madeOf(request) !== null) mapped.push('aspect_ratio');
    }
    for (const [name, rule] of this.unasked) {
      if (rule.usual !== undefined && params?.[name] === undefined) this.put(body, rule.path, rule.write(rule.usual));
    }
    for (const name in params) {
      const rule = this.rules.get(name);
      const value = params[name];
      if (!rule || value === undefined || isLost(name)) continue;
      const theirs = rule.write(value);
      this.put(body, rule.path, theirs);
      if (theirs !== value && typeof value !== 'object') mapped.push(name);
    }
    if (raw && raw.adapter === this.adapter) Object.assign(body, raw.fields);
    if (options) this.merge(body, options);
    return { fields: body, mapped };
  }

  /** The sides that will be made, for a price by megapixels; null: the model decides. */
  sidesOf(request: ImageRequest): { readonly width: number; readonly height: number } | null {
    return this.size.madeOf(request);
  }

  /** How long what is made will last; null: the model decides. */
  secondsOf({ params }: ImageRequest): number | null {
    const seconds = params?.duration ?? this.rules.get('duration')?.usual;
    return typeof seconds === 'number' && seconds > 0 ? seconds : null;
  }

  /** As this row's list of special prices names a request. */
  listedAs(request: ImageRequest, size = sizeText(request)): string {
    const by = this.price.by?.map((name) => String(request.params?.[name] ?? this.rules.get(name)?.usual ?? '-')) ?? [];
    return [size, ...by].join(' ');
  }

  /** What this provider's own words say, in ours. */
  read(fields: Fields): Read {
    let rest: Record<string, unknown> = { ...fields };
    for (const name in this.entry.fixed) if (rest[name] === this.entry.fixed[name]) delete rest[name];
    const params: Record<string, unknown> = {};
    const taken = (rule: CompiledRule | undefined): unknown => {
      const theirs = rule && take(rest, rule.path);
      const ours = theirs === undefined ? undefined : rule?.read(theirs);
      if (ours !== undefined && rule) rest = without(rest, rule.path);
      return ours;
    };
    const prompt = (taken(this.prompt) as string | undefined) ?? null;
    const n = (taken(this.count) as number | undefined) ?? 1;
    const sized = this.size.read(rest);
    if (sized) rest = { ...sized.rest };
    for (const [name, rule] of this.rules) {
      const ours = taken(rule);
      if (ours !== undefined) params[name] = ours;
    }
    return { prompt, n, size: sized?.size ?? {}, params, rest };
  }

  private merge(body: Record<string, unknown>, options: Readonly<Record<string, Fields>>): void {
    const own = options[this.entry.provider] ?? options[this.adapter];
    if (own) mergeInto(body, own);
  }
}

/** Whether an object on the way to a parameter may be the row's, or one that the request holds. */
function isShared(fixed: Fields, rules: ReadonlyMap<string, CompiledRule>): boolean {
  const paths = [...rules.values()].map(({ path }) => path.join('.'));
  const isInside = (path: string) => paths.some((other) => path.startsWith(`${other}.`));
  return Object.values(fixed).some(isObject) || paths.some(isInside);
}

function mergeInto(body: Record<string, unknown>, more: Fields): void {
  for (const [name, value] of Object.entries(more)) {
    const before = body[name];
    if (isObject(value) && isObject(before)) {
      const copy = { ...before };
      mergeInto(copy, value);
      body[name] = copy;
    } else body[name] = value;
  }
}

/** A row as requests use it, or why it cannot be used. */
export function compileModel(entry: ModelEntry, adapter: string): CompiledModel | string {
  const rules = new Map<string, CompiledRule>();
  let size = ownSize;
  for (const [name, written] of Object.entries(entry.params)) {
    const isSize = name === 'size';
    const text = typeof written === 'string' ? { to: written } : written;
    const parsed = (isSize ? sizeRule : valueRule).safeParse(text);
    if (!parsed.success) {
      const [first] = parsed.error.issues;
      const place = [name, ...(first?.path ?? [])].join('.');
      return `the model ${entry.alias} at ${entry.provider} is not used: params.${place}: ${first?.message ?? 'invalid'}`;
    }
    if (isSize) size = compileSize(parsed.data as Parameters<typeof compileSize>[0]);
    else rules.set(name, compileRule(name, parsed.data as Parameters<typeof compileRule>[1]));
  }
  const listed = price.safeParse(entry.price ?? {});
  return new CompiledModel(entry, adapter, rules, size, listed.success ? listed.data : {});
}
