import { Problem } from './problem';
import { notFound } from './respond';

/** A part of a path as it was meant. Nothing of ours has a control character in its name, and Postgres takes no NUL. */
export function partOf(path: string, index: number): string {
  const part = path.split('/')[index] ?? '';
  try {
    const meant = decodeURIComponent(part);
    if (!/\p{Cc}/u.test(meant)) return meant;
  } catch {
    // What is no UTF-8 names nothing either.
  }
  throw new Problem(404, 'not-found', notFound(path).message);
}
