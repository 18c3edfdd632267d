import type { Snapshot } from '@/lib/api/snapshot';

/** The arms as they are drawn: the baseline, the candidates in the order of the policy, then the others. */
export function armOrder({ arms, baseline, candidate }: Pick<Snapshot, 'arms' | 'baseline' | 'candidate'>) {
  return [...new Set([baseline, ...arms.map(({ name }) => name), candidate])];
}

const colours = [
  'var(--series-baseline)',
  'var(--series-candidate)',
  ...[2, 3, 4, 5, 6, 7].map((n) => `var(--series-candidate-${n})`),
];

/** The same on every chart, bar and name; see tokens.css. */
export function armColour(order: readonly string[], arm: string): string {
  return colours[order.indexOf(arm)] ?? 'var(--line-strong)';
}

/** In that order, and by name what is in none. */
export function byArm(order: readonly string[]): (a: string, b: string) => number {
  const place = (arm: string) => (order.includes(arm) ? order.indexOf(arm) : order.length);
  return (a, b) => place(a) - place(b) || a.localeCompare(b);
}
