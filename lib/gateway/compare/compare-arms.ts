import type { ArmEntry } from '@/lib/registry/registry';
import type { ImageRequest } from '../models/image-request';
import { listPriceUsd } from '../models/list-price';
import { type Fit, fitOf, isSendable } from '../models/way';
import type { Generated } from '../request/ending';
import { generate } from '../request/generate';
import type { GenerateParts, RoutedSplit } from '../request/generate-parts';
import type { EventNames } from '../request/record-attempt';
import type { LiveSplit } from '../weights/live-split';
import type { Routing } from '../weights/routing';

/** With names of their own: no bucket, no red line and no statement of the plan reads them. */
const comparisonEvents = (split: string): EventNames => ({
  ...{ route: 'comparison_route', ok: 'comparison_ok', failed: 'comparison_failed', local: 'comparison_local' },
  ...{ split, phase: undefined },
});

/** What cannot be told to an arm, of the first that is lacking something; null where it can be sent there. */
export function whyNotAt(
  split: LiveSplit,
  arm: ArmEntry,
  request: ImageRequest,
): { field: string; why: string } | null {
  const fit = fitOf(split.models, arm, request);
  if (isSendable(fit)) return null;
  const [lost] = fit.lost;
  return { field: lost?.field ?? 'model', why: lost?.why ?? 'is not known' };
}

/** By alias: what the baseline and a candidate at least can make of a prompt and nothing else. */
export function comparableModels(split: LiveSplit): readonly string[] {
  const { models, arms, kind, names } = split;
  const baseline = arms.get(names?.baseline ?? '');
  const candidates = (names?.candidates ?? []).flatMap((name) => arms.get(name) ?? []);
  if (kind !== 'image' || baseline === undefined) return [];
  const makes = (arm: ArmEntry, model: string) => {
    const fit = fitOf(models, arm, { prompt: 'a', n: 1, model, requestId: '', caller: '' });
    return isSendable(fit) && !fit.model.makesVideo;
  };
  // What an arm pins goes over what is asked for, which then must be an image all the same.
  const isImage = (model: string) => [baseline, ...candidates].some((arm) => makes({ ...arm, model: null }, model));
  return models.aliases.filter(
    (model) => isImage(model) && makes(baseline, model) && candidates.some((arm) => makes(arm, model)),
  );
}

/** What an arm is thought to ask for it, by the price list; null where that does not say. */
export function listedAt(split: LiveSplit, arm: ArmEntry, request: ImageRequest): number | null {
  const { model, request: told }: Fit = fitOf(split.models, arm, request);
  return model && listPriceUsd(model, told, request.n);
}

/** The request at this arm and no other, whatever its share: as any other is sent, and outside of every sample. */
export function generateAt(
  parts: GenerateParts,
  split: LiveSplit,
  arm: ArmEntry,
  request: ImageRequest,
): Promise<Generated> {
  const { slug, routing, arms, models, key, addressesForMs } = split;
  const there: RoutedSplit = {
    ...{ slug, arms, models, addressesForMs },
    routing: routing && onlyTo(routing, arm.name),
    events: comparisonEvents(key),
    count: () => undefined,
  };
  return generate(parts, there, request, null, { kind: 'pinned', arm: arm.name, fields: ['comparison'] });
}

/** Without failover: the answer of another arm would say nothing of this one. */
const onlyTo = (routing: Routing, arm: string): Routing => ({ ...routing, order: new Map([[arm, [arm]]]) });
