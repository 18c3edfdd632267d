import { Problem } from './problem';

/** The number that stands for `{id}` in a path: `/api/journal/41` → 41. */
export function idIn(path: string, pattern: string): number {
  const text = path.slice(pattern.indexOf('{id}')).split('/')[0] ?? '';
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Problem(404, 'not-found', `There is nothing at ${path.slice(0, 64)}: an id is a whole number.`);
}
