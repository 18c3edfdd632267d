import { excerpt } from '@/lib/kernel/excerpt';
import type { ArmEntry, SplitKind } from '@/lib/registry/registry';
import type { Models } from '../models/models';
import type { Lane } from '../request/lane';

/** Why an arm is given nothing, in a sentence; null when it may be called. */
export function armFault(
  { name, provider, model, params }: ArmEntry,
  lane: Lane | undefined,
  models: Models,
  kind: SplitKind,
): string | null {
  if (lane === undefined) return `${provider} is not configured: it has no adapter`;
  if (!lane.provider.configured) return lane.provider.whyNot;
  if (kind === 'job' && lane.provider.jobs === undefined) {
    return `the arm ${name} is not used: ${provider} answers within the call, and takes no jobs`;
  }
  if (kind === 'relay' && lane.provider.streams === undefined) {
    return `the arm ${name} is not used: ${provider} is no relay, and sends nothing on as it comes`;
  }
  if (kind !== 'relay' && lane.provider.streams !== undefined) {
    return `the arm ${name} is not used: ${provider} is a relay, which only serves splits of kind relay`;
  }
  // What a relay sends on is not read: whatever it names, it is told as it is.
  if (model === null || kind === 'relay') return null;
  const known = models.of(provider, model);
  if (known === null) {
    return `the arm ${name} is not used: it pins the model '${excerpt(model)}', which ${provider} does not know`;
  }
  const [lost] = known
    .lostOf({ prompt: 'x', n: 1, params, requestId: '' })
    .filter(({ field }) => Object.hasOwn(params, field));
  if (lost === undefined) return null;
  return `the arm ${name} is not used: it pins ${excerpt(lost.field)}, which ${lost.why} for '${excerpt(model)}' at ${provider}`;
}
