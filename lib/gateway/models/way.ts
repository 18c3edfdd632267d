import { excerpt } from '@/lib/kernel/excerpt';
import type { ArmEntry } from '@/lib/registry/registry';
import type { CompiledModel, Lost } from './compile-model';
import type { ImageRequest } from './image-request';
import type { Models, PriceMarks, Tellable } from './models';

/** A request at one arm. */
export interface Fit {
  readonly arm: ArmEntry;
  /** null: its provider has not the model. */
  readonly model: CompiledModel | null;
  /** With what the arm pins. */
  readonly request: ImageRequest;
  readonly lost: readonly Lost[];
}

/** How a request may go, decided before the draw: else its rejections would bias the split. */
export type Way =
  | {
      readonly kind: 'drawn';
      /** At every arm with a share, where all of it can be told to each; `by`: the arms that it was decided for. */
      readonly fits?: readonly Fit[];
      readonly by?: Met;
    }
  /** Not every arm can be told it: it goes to one that can, outside the sample. */
  | { readonly kind: 'pinned'; readonly arm: string; readonly fields: readonly string[] }
  | { readonly kind: 'refused'; readonly field: string; readonly sentence: string };

const drawn: Way = { kind: 'drawn' };

/** Without these it would be another request. */
const needed: ReadonlySet<string> = new Set(['model', 'prompt', 'n', 'image', 'mask']);

export function fitOf(models: Tellable, arm: ArmEntry, request: ImageRequest): Fit {
  const model = models.of(arm.provider, arm.model ?? request.model);
  const own = withPinned(request, arm);
  if (model !== null) return { arm, model, request: own, lost: model.lostOf(own) };
  return { arm, model, request: own, lost: [{ field: 'model', why: 'is not known' }] };
}

/** Whether it may be sent there, whole or without what its model's row lets go. */
export function isSendable(fit: Fit): fit is Fit & { readonly model: CompiledModel } {
  const { model, lost } = fit;
  if (lost.length === 0) return true;
  return model?.lossy === 'drop' && lost.every(({ field, why }) => !needed.has(field) && why !== 'is required');
}

export interface Met {
  /** Arms with a share, as they are routed now. */
  readonly arms: readonly ArmEntry[];
  /** The baseline first, then by weight: where a request goes that not all can be told. */
  readonly order: readonly ArmEntry[];
}

export function wayOf(models: Models, met: Met, request: ImageRequest): Way {
  const { arms, order } = met;
  const all = arms.map((arm) => fitOf(models, arm, request));
  if (all.every(({ lost }) => lost.length === 0)) return { kind: 'drawn', fits: all, by: met };
  const fits = all.filter(({ lost }) => lost.length > 0);
  const unable = fits.filter((fit) => !isSendable(fit));
  const ruling = fits.find(({ model }) => model !== null)?.model?.lossy;
  if (unable.length === 0 && ruling !== 'refuse') return drawn;
  const others = order.map((arm) => fitOf(models, arm, request));
  const able = others.find(({ lost }) => lost.length === 0) ?? others.find((fit) => isSendable(fit));
  const lossy = ruling ?? able?.model?.lossy;
  if (able === undefined || lossy === 'refuse') return refusalOf(models, able === undefined ? others : unable, request);
  return { kind: 'pinned', arm: able.arm.name, fields: namesOf(unable) };
}

function namesOf(fits: readonly Fit[]): readonly string[] {
  return [...new Set(fits.flatMap(({ lost }) => lost.map(({ field }) => field)))];
}

const mostNamed = 12;

function refusalOf(models: Models, fits: readonly Fit[], { model }: ImageRequest): Way {
  const field = fits[0]?.lost[0]?.field ?? 'model';
  if (field !== 'model') {
    const why = fits.map(
      ({ arm, lost }) => `${arm.name}: ${lost.map((each) => `${each.field} ${each.why}`).join(', ')}`,
    );
    return { kind: 'refused', field, sentence: `cannot be said to the arms of this split (${why.join('; ')})` };
  }
  const providers = [...new Set(fits.map(({ arm }) => arm.provider))];
  const known = providers.map((provider) => {
    const aliases = models.aliasesAt(provider);
    const more = aliases.length > mostNamed ? ` and ${aliases.length - mostNamed} more` : '';
    return `${provider}: ${aliases.slice(0, mostNamed).join(', ') || 'none'}${more}`;
  });
  const sentence = `'${excerpt(model ?? '')}' is not known to ${providers.join(' and ')}; known are ${known.join('; ')}`;
  return { kind: 'refused', field, sentence };
}

/** What an arm pins goes over what the request says. */
function withPinned(request: ImageRequest, { params }: ArmEntry): ImageRequest {
  for (const name in params) {
    if (Object.hasOwn(params, name)) return { ...request, params: { ...request.params, ...params } };
  }
  return request;
}

/** What is the same in all events of a request: whose it is, and what its price depends on. */
export interface Marks extends PriceMarks {
  readonly user_hash: string | undefined;
  /** No draw decided: it is outside every sample. */
  readonly pinned?: true | undefined;
  readonly pinned_by?: readonly string[] | undefined;
}

/** Fields that an arm was not told, and those that it was told in other words; undefined: none. */
export interface Told {
  readonly dropped: readonly string[] | undefined;
  readonly mapped: readonly string[] | undefined;
}

/** The price of an image is that of its model, of its size and of what else a price list asks for, at every provider. */
export function marksOf(models: Tellable, request: ImageRequest, way: Way, user_hash: string | undefined): Marks {
  const { size, price_key } = models.priceMarksOf(request);
  const marks = { user_hash, size, price_key };
  return way.kind === 'pinned' ? { ...marks, pinned: true, pinned_by: way.fields } : marks;
}

const asItIs: Told = { dropped: undefined, mapped: undefined };

/** What became of a request on its way to an arm. */
export function toldOf({ request, lost }: Fit, mapped: readonly string[]): Told {
  const { leftOut = [] } = request;
  if (mapped.length === 0 && lost.length === 0 && leftOut.length === 0) return asItIs;
  const dropped = [...leftOut, ...lost.map(({ field }) => field)];
  return {
    dropped: dropped.length > 0 ? dropped : undefined,
    mapped: mapped.length > 0 ? mapped : undefined,
  };
}
