/** What stands at a JSON pointer; undefined: nothing. */
export function readPointer(value: unknown, pointer: string): unknown {
  let at = value;
  for (const part of partsOf(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[part];
  }
  return at;
}

/** Everything at a pointer in which `*` stands for every member of a list. */
export function allAt(value: unknown, pointer: string): readonly unknown[] {
  const star = pointer.indexOf('/*');
  if (star === -1) {
    const found = readPointer(value, pointer);
    return found === undefined ? [] : [found];
  }
  const list = readPointer(value, pointer.slice(0, star));
  if (!Array.isArray(list)) return [];
  return list.flatMap((each) => allAt(each, pointer.slice(star + 2)));
}

/** The texts and whole numbers among it: what an id may be. */
export function textsAt(value: unknown, pointer: string): readonly string[] {
  return allAt(value, pointer).flatMap((found) => {
    if (typeof found === 'string') return found === '' ? [] : [found];
    return Number.isSafeInteger(found) ? [String(found)] : [];
  });
}

/** Whether all that is there is a text or a whole number, under keys of just this spelling: no other reader sees more. */
export function isPlainAt(value: unknown, pointer: string): boolean {
  return isPlain(value, partsOf(pointer));
}

function isPlain(value: unknown, [part, ...rest]: readonly string[]): boolean {
  if (value === undefined || value === null) return true;
  if (part === undefined) return typeof value === 'string' || Number.isSafeInteger(value);
  if (part === '*') return Array.isArray(value) && value.every((each) => isPlain(each, rest));
  if (typeof value !== 'object' || Array.isArray(value)) return false;
  const isOwn = (key: string) => key === part || key.toLowerCase() !== part.toLowerCase();
  return Object.keys(value).every(isOwn) && isPlain(readPointer(value, `/${part}`), rest);
}

function partsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
