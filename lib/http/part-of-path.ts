import { decoded } from '@/lib/kernel/plain-text';
import { Problem } from './problem';
import { notFound } from './respond';

/** A part of a path as it was meant. Nothing of ours has a control character in its name, and Postgres takes no NUL. */
export function partOf(path: string, index: number): string {
  const meant = decoded(path.split('/')[index] ?? '');
  if (meant !== null && !/\p{Cc}/u.test(meant)) return meant;
  throw new Problem(404, 'not-found', notFound(path).message);
}
