import { isObject } from '@/lib/kernel/json-text';
export interface ChangedMember {
  /** `redLines[failure_rate].limit`. */
  readonly member: string;
  readonly was: string;
  readonly becomes: string;
}

/** What of two texts of JSON is otherwise, member by member; null where either is no object. */
export function changedMembers(was: string | null, becomes: string | null): readonly ChangedMember[] | null {
  const [before, after] = [objectIn(was), objectIn(becomes)];
  if (before === null || after === null) return null;
  const [old, fresh] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((member) => old.get(member) !== fresh.get(member))
    .map((member) => ({ member, was: old.get(member) ?? '–', becomes: fresh.get(member) ?? '–' }));
}

export function objectIn(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(text ?? 'null');
    return isObject(read) ? read : null;
  } catch {
    return null;
  }
}

/** Of a list whose entries have a name each is called by it: one that moved is no change of all behind it. */
function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (isObject(value) && Object.keys(value).length > 0)
    return joined(Object.entries(value).map(([name, each]) => [path === '' ? name : `${path}.${name}`, each]));
  if (Array.isArray(value) && value.length > 0 && value.every(isObject))
    return joined(value.map((each, at) => [`${path}[${String(each.metric ?? each.name ?? at)}]`, each]));
  return new Map([[path, typeof value === 'string' ? value : (JSON.stringify(value) ?? '–')]]);
}

const joined = (members: readonly (readonly [string, unknown])[]) =>
  new Map(members.flatMap(([path, each]) => [...leavesOf(each, path)]));
