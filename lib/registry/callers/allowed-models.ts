import { globMatches } from '../glob';
import type { Caller } from './caller';

/** Names of one model: our alias of it, and what a provider calls it. */
export type ModelNames = readonly string[];

/** The first of the models that a caller may not ask for, by its first name; null: it may have all of them. */
export function forbiddenModel({ models = [] }: Pick<Caller, 'models'>, asked: readonly ModelNames[]): string | null {
  if (models.length === 0) return null;
  const isAllowed = (names: ModelNames) => names.some((name) => models.some((glob) => globMatches(glob, name)));
  const found = asked.find((names) => !isAllowed(names));
  return found === undefined ? null : (found[0] ?? '');
}
