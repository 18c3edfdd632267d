import { decoded } from '@/lib/kernel/plain-text';

const compiled = new Map<string, { readonly shape: RegExp; readonly names: readonly string[] }>();

/** The parts of a path by the names that a pattern gives them; null: the path does not fit. */
export function segmentsOf(pattern: string, path: string): Readonly<Record<string, string>> | null {
  const { shape, names } = shapeOf(pattern);
  const match = shape.exec(path === '' ? '/' : path);
  if (match === null) return null;
  return Object.fromEntries(names.map((name, at) => [name, meantBy(match[at + 1] ?? '')]));
}

/** A pattern with its names filled in; undefined where one is not known. */
export function fill(pattern: string, names: Readonly<Record<string, string>>): string | undefined {
  let isWhole = true;
  const filled = pattern.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(names, name) ? names[name] : undefined;
    if (value === undefined || value === '' || value === '.' || value === '..') isWhole = false;
    return encodeURIComponent(value ?? '');
  });
  return isWhole ? filled : undefined;
}

function shapeOf(pattern: string) {
  const known = compiled.get(pattern);
  if (known) return known;
  const names: string[] = [];
  const text = pattern
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replace(/\{([a-z_]+)(\*?)\}/g, (_, name: string, rest: string) => {
      names.push(name);
      return rest === '' ? '([^/]+)' : '((?:/.*)?)';
    });
  const made = { shape: new RegExp(`^${text}$`), names };
  compiled.set(pattern, made);
  return made;
}

const meantBy = (part: string) => decoded(part) ?? part;
