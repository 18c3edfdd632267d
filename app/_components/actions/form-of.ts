import type { Snapshot } from '@/lib/api/snapshot';

type Asked = Pick<Snapshot, 'version' | 'next' | 'latched' | 'rollout_started_at' | 'arms'>;

/**
 * What a reason is kept by: the verb, and the very rollout, rollback or version that it is of. A later one is offered
 * nothing of it.
 */
export function formOf(verb: 'advance' | 'rollback' | 'rearm' | 'pause' | 'resume', seen: Asked, arm?: string): string {
  return [verb, ...occasionOf(verb, seen, arm)].join(':');
}

function occasionOf(verb: Parameters<typeof formOf>[0], seen: Asked, arm: string | undefined): readonly unknown[] {
  const own = seen.arms.find(({ name }) => name === arm);
  // Whatever is written while it is typed, such as a pause: it is the same rollout, or rollback, still.
  if (verb === 'rollback') return [arm ?? '', (own ?? seen).rollout_started_at ?? ''];
  if (verb === 'rearm') return [arm ?? '', (own ?? seen).latched?.at ?? seen.version];
  return verb === 'advance' ? [seen.next?.name ?? '', seen.version] : [seen.version];
}
