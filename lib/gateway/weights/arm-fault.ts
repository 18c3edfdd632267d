import { excerpt } from '@/lib/kernel/excerpt';
import type { ArmEntry } from '@/lib/registry/registry';
import { knowsModel } from '../providers/create-providers';
import type { Lane } from '../request/lane';

/** Why an arm is given nothing, in a sentence; null when it may be called. Nothing that it pins is left out in silence. */
export function armFault(
  { name, provider, model, params }: ArmEntry,
  lane: Lane | undefined,
  adapter: string,
): string | null {
  if (lane === undefined) return `${provider} is not configured: it has no adapter`;
  if (!lane.provider.configured) return lane.provider.whyNot;
  const pinned = Object.keys(params);
  if (pinned.length > 0) {
    return `the arm ${name} is not used: it pins ${pinned.map((key) => excerpt(key)).join(', ')}, which no request can carry yet`;
  }
  if (model !== null && !knowsModel(adapter, model)) {
    return `the arm ${name} is not used: it pins the model '${excerpt(model)}', which ${provider} does not know`;
  }
  return null;
}
