import { decoded } from '@/lib/kernel/plain-text';

/** What is sent on: the path without the prefix, and the query with its mark, both as they were written. */
export interface Target {
  readonly path: string;
  readonly search: string;
}

/** A text: why it is not sent on. */
export function targetOf(url: string, prefix: string): Target | string {
  const mark = url.indexOf('?');
  const whole = mark < 0 ? url : url.slice(0, mark);
  const search = mark < 0 ? '' : url.slice(mark);
  const path = whole.slice(prefix.length) || '/';
  return pathFault(path) ?? searchFault(search) ?? { path, search };
}

const printable = /^[\x21-\x7e]*$/;

/** One path has one spelling here: it is routed by as it is sent, so that the server behind reads no other from it. */
function pathFault(path: string): string | null {
  if (!printable.test(path)) return 'its path has characters that must be written as %XX';
  if (path.includes('#')) return 'its path has a #, which must be written as %23';
  if (path.includes('\\')) return 'its path has a backslash';
  if (path.includes('//')) return 'its path has two slashes in a row';
  // Nearly every path: there is nothing in it to decode, and no dot at the start of a part.
  if (!/%|;|\/\./.test(path)) return null;
  for (const part of path.split('/')) {
    const fault = partFault(part);
    if (fault !== null) return fault;
  }
  return needlessFault(path);
}

function partFault(part: string): string | null {
  const meant = decoded(part);
  if (meant === null) return 'its path has a % that begins no character of UTF-8';
  if (/[/\\]|%(?:2f|5c|2e)/i.test(meant)) return 'its path has a slash or a backslash written as %XX';
  if (/\p{Cc}/u.test(meant)) return 'its path has a control character';
  const [name = ''] = meant.split(';');
  return name === '.' || name === '..' ? 'its path has a part that is . or ..' : null;
}

/** What is written as %XX though it need not be is another spelling of the same path. */
function needlessFault(path: string): string | null {
  if (/;|%3b/i.test(path)) return 'its path has a semicolon, and servers differ in what they make of one';
  for (const [written = '', code = ''] of path.matchAll(/%([0-9a-f]{2})/gi)) {
    const meant = String.fromCharCode(Number.parseInt(code, 16));
    if (/[\w.~-]/.test(meant)) return `its path has ${written}, which must be written as ${meant}`;
  }
  return null;
}

function searchFault(search: string): string | null {
  return printable.test(search) && !search.includes('#')
    ? null
    : 'its query has characters that must be written as %XX';
}
