import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from './change';

/** What differs, leaf by leaf; what a list holds by name is found by its name. */
export function leafChanges(was: unknown, becomes: unknown, at = ''): FieldChange[] {
  if (isDeepStrictEqual(was, becomes)) return [];
  const [before, after] = [membersOf(was), membersOf(becomes)];
  const names = [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])];
  const isLeaf = (value: unknown, members: unknown) => value !== undefined && members === null;
  if (isLeaf(was, before) || isLeaf(becomes, after) || names.length === 0) return [{ field: at, was, becomes }];
  return names.flatMap((name) => leafChanges(before?.get(name), after?.get(name), at === '' ? name : `${at}.${name}`));
}

/** null: a leaf. Lists of texts are leaves. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> | null {
  if (value === null || typeof value !== 'object') return null;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const names = value.map((each: { name?: unknown; metric?: unknown } | null) => each?.name ?? each?.metric);
  const isNamed = names.length > 0 && names.every((name) => typeof name === 'string');
  if (!isNamed || new Set(names).size !== names.length) return null;
  return new Map(value.map((each, index) => [String(names[index]), each]));
}
