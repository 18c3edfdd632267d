import { decoded } from '@/lib/kernel/plain-text';

const unescaped =
  'holds a #, /, ?, @ or % that is not escaped; in a user name, password or parameter # must be written as %23, ' +
  '/ as %2F, ? as %3F, @ as %40 and % as %25';

/**
 * Such a URL parses, and leads to another host than was meant; null when each part is where it belongs. What stands in
 * it is never repeated: it is a password's tail.
 */
export function escapingFault(url: string): string | null {
  const rest = url.replace(/^[a-z]+:\/\//i, '');
  const [authority = ''] = rest.split(/[/?#]/, 1);
  const isOutside = rest.slice(authority.length).includes('@') || rest.includes('#');
  const [hosts = '', ...before] = authority.split('@').reverse();
  if (isOutside || before.length > 1 || decoded(rest) === null) return unescaped;
  const isPort = hosts.split(',').every((part) => /^(?:\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.test(part));
  return isPort ? null : `names a port that is not a number; or it ${unescaped}`;
}
