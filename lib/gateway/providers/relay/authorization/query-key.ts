import { decoded } from '@/lib/kernel/plain-text';
import type { Unkeyed } from '../stream-call';

/** Whatever else stands in the query stays as it was written; the caller's own word of that name does not. */
export function withParameter(search: string, name: string, value: string): string {
  return `?${[...othersOf(search.slice(1), name), `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&')}`;
}

const othersOf = (query: string, name: string): string[] =>
  query.split('&').filter((part) => part !== '' && nameOf(part) !== name);

/** What a provider says of an address that it was asked at, without the parameter that is our key. */
export function unkeyedBy(name: string, key: string): Unkeyed {
  const says = (text: string) => key !== '' && (text.includes(key) || readOut(text).includes(key));
  return (said) => {
    if (!says(said)) return said;
    const [, path = '', query = '', hash = ''] = /^([^?#]*)(?:\?([^#]*))?(.*)$/s.exec(said) ?? [];
    const others = othersOf(query, name);
    const left = `${path}${others.length === 0 ? '' : `?${others.join('&')}`}${hash}`;
    return says(left) ? null : left;
  };
}

/** What stands for no letter stays as it is. */
function readOut(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => decoded(escaped) ?? escaped);
}

function nameOf(part: string): string {
  const [name = ''] = part.split('=');
  return decoded(name.replaceAll('+', ' ')) ?? name;
}
