import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { inputAddressFault } from '@/lib/gateway/models/input-image';
import { optionsFault } from '@/lib/gateway/models/options-fault';
import type { Way } from '@/lib/gateway/models/way';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Generated } from '@/lib/gateway/request/ending';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { invalid } from '@/lib/http/body/read-fields';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';
import { excerpt } from '@/lib/kernel/excerpt';
import { capital } from '@/lib/kernel/plain-text';
import type { Caller } from '@/lib/registry/callers/caller';
import type { SplitKind } from '@/lib/registry/registry';
import { requireModels } from './callers';

/** What a request says of where it belongs. */
interface Said {
  readonly kind: SplitKind;
  /** In its body, by slug. */
  readonly split: string | undefined;
  /** As the caller wrote it. */
  readonly model: string | undefined;
}

/** The split of a request: the one it names, in its body or by X-Sluice-Split, else the one of its model, else the default one. */
export function splitOf({ splits }: Pick<DataPlane, 'splits'>, head: Pick<Head, 'header'>, said: Said): LiveSplit {
  const slug = saidSlug(head.header('x-sluice-split'), said.split);
  const models = said.model === undefined ? [] : [said.model, splits.models.aliasOf(said.model)];
  const split = splits.choose({ kind: said.kind, slug, models });
  if (typeof split === 'string') throw new Problem(404, 'unknown-split', split);
  if (split.weights !== null) return split;
  const detail = `${capital(split.whyNotReady())}. Nothing was sent to anybody.`;
  throw new Problem(409, 'split-not-ready', detail, { headers: { 'retry-after': '5' } });
}

/** 403 where an arm of the split could answer by a model that the caller may not ask for: one that it pins, or the one that was said. */
export function requireModelsOf({ models, arms }: LiveSplit, caller: Caller, said: string | undefined): void {
  if (!caller.models?.length) return;
  const asked = [...arms.values()].map(({ model }) => {
    const name = model ?? said;
    return name === undefined ? [models.aliasOf(name)] : [models.aliasOf(name), name];
  });
  requireModels(caller, asked);
}

/** As it was asked for; null: neither in the body nor by the header. */
function saidSlug(header: string | null, body: string | undefined): string | null {
  if (header === null || body === undefined || header === body) return body ?? header;
  const detail =
    `The body names the split '${excerpt(body)}', and X-Sluice-Split names '${excerpt(header)}'. Name one, or the ` +
    'same in both.';
  throw new Problem(422, 'split-named-twice', detail, { errors: [{ pointer: '/split', detail }] });
}

/** Where it was answered, on every answer of every door that draws. */
export function splitHeaders(generated: Generated): Readonly<Record<string, string>> {
  const { split, arm, weightsVersion, pinned, dropped, mapped } = generated;
  const headers: Record<string, string> = { 'x-sluice-split': split };
  if (arm.name !== '') headers['x-sluice-arm'] = arm.name;
  if (weightsVersion !== null) headers['x-sluice-version'] = String(weightsVersion);
  if (pinned) headers['x-sluice-pinned'] = `${arm.name}; ${pinned.join(', ')}`;
  if (dropped) headers['x-sluice-dropped'] = dropped.join(', ');
  if (mapped) headers['x-sluice-mapped'] = mapped.join(', ');
  return headers;
}

/** Refuses what may be sent to no provider: options that are ours to say, and images at addresses inside a network. */
export function refuseUnfit({ splits }: Pick<DataPlane, 'splits'>, request: ImageRequest): Promise<void> | undefined {
  if (request.options) refuseOptions(splits.registry.providers, request.options);
  const { params } = request;
  if (params === undefined) return undefined;
  if (params.mask !== undefined && params.image === undefined) {
    throw invalid([{ pointer: '/mask', detail: 'stands without an image that it could be of' }]);
  }
  const { image, mask, loras } = params;
  return image === undefined && mask === undefined && loras === undefined ? undefined : refuseAddresses(params);
}

type Providers = DataPlane['splits']['registry']['providers'];

function refuseOptions(providers: Providers, options: NonNullable<ImageRequest['options']>): void {
  for (const [name, fields] of Object.entries(options)) {
    const adapter = providers.find((each) => each.name === name || each.adapter === name)?.adapter;
    const pointer = `/provider_options/${name.slice(0, 32)}`;
    if (!adapter) throw invalid([{ pointer, detail: 'is for no provider that is registered here' }]);
    const fault = optionsFault(fields, adapter);
    if (fault)
      throw invalid([
        { pointer: [pointer, ...fault.at.map((part) => part.slice(0, 32))].join('/'), detail: fault.why },
      ]);
  }
}

async function refuseAddresses(params: NonNullable<ImageRequest['params']>): Promise<void> {
  const { image = [], mask, loras = [] } = params;
  const sent = [
    ...image.map((url, i) => ({ url, pointer: `/image/${i}` })),
    ...(mask === undefined ? [] : [{ url: mask, pointer: '/mask' }]),
    ...loras.map(({ model: url }, i) => ({ url, pointer: `/loras/${i}/model` })),
  ].filter(({ url }) => url.startsWith('https://'));
  const faults = await Promise.all(
    sent.map(async ({ url, pointer }) => ({ pointer, detail: await inputAddressFault(url) })),
  );
  const [bad] = faults.filter(({ detail }) => detail !== null);
  if (bad) throw invalid([{ pointer: bad.pointer, detail: bad.detail ?? '' }]);
}

/** How a request may go in its split, or the refusal that names the field and the arms. */
export function wayAt(split: LiveSplit, request: ImageRequest, before?: Way): Way {
  const way = split.wayOf(request, before);
  if (way.kind !== 'refused') return way;
  throw invalid([{ pointer: `/${way.field}`, detail: way.sentence }]);
}

/** The same for what belongs to an arm, as a second version of something does to the first one's: there while it may, outside the sample. */
export function wayTo(split: LiveSplit, request: ImageRequest, arm: string | undefined): Way {
  if (arm === undefined || !split.mayGoTo(arm, request)) return wayAt(split, request);
  return { kind: 'pinned', arm, fields: ['remix_of'] };
}
