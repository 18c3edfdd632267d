import { isObject } from '@/lib/kernel/json-text';

type Tree = Record<string, unknown>;

/** Sets the member at a path such as `safety.checkContent`; objects on the way are made, or copied where they are there. */
export function put(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree;
  const last = path.length - 1;
  for (let i = 0; i < last; i += 1) {
    const name = path[i] ?? '';
    const inner = at[name];
    const copy: Tree = isObject(inner) ? { ...inner } : {};
    at[name] = copy;
    at = copy;
  }
  at[path[last] ?? ''] = value;
}

/** The same where every object on the way was made for this tree alone, so that none need be copied. */
export function putOwn(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree;
  const last = path.length - 1;
  for (let i = 0; i < last; i += 1) {
    const name = path[i] ?? '';
    const inner = at[name];
    if (isObject(inner)) at = inner;
    else {
      const made: Tree = {};
      at[name] = made;
      at = made;
    }
  }
  at[path[last] ?? ''] = value;
}

/** The member at a path; undefined where there is none. */
export function take(tree: Tree, path: readonly string[]): unknown {
  const [name = '', ...rest] = path;
  if (!Object.hasOwn(tree, name)) return undefined;
  const value = tree[name];
  if (rest.length === 0) return value;
  return isObject(value) ? take(value, rest) : undefined;
}

/** The same without the member, and without the objects that are empty then. */
export function without(tree: Tree, path: readonly string[]): Tree {
  const [name = '', ...rest] = path;
  const { [name]: value, ...others } = tree;
  if (rest.length === 0 || !isObject(value)) return others;
  const left = without(value, rest);
  return Object.keys(left).length === 0 ? others : { ...others, [name]: left };
}
