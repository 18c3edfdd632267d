import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { inputAddressFault } from '@/lib/gateway/models/input-image';
import { optionsFault } from '@/lib/gateway/models/options-fault';
import type { Way } from '@/lib/gateway/models/way';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import { invalid } from '@/lib/http/body/read-fields';

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
