import { isIP } from 'node:net';
import { z } from 'zod';
import { excerpt } from '@/lib/kernel/excerpt';
import { escapingFault } from './postgres-url';

const placeholders =
  /^(?:your|my|the|insert|enter|paste|put)[-_ ].*|.*change[-_ ]?me.*|x{3,}|(?:sk|key|token)[-_]x+|undefined|null|none|nan|todo|tbd|placeholder|example|secret|password|<.*>|\$\{?.*\}?|\.{3}|\[object .*\]$/i;

/** Why a key, token or secret cannot be one; null when it can. The value itself is never repeated. */
export function secretFault(value: string): string | null {
  if (value === '') return 'is set to an empty string; give it a value or unset it';
  if (/^\s*$/.test(value)) return 'holds only white space';
  if (/["'`“”‘’]/.test(value)) return 'contains a quotation mark; write it without quotes';
  if (/[\r\n]/.test(value)) return 'contains a line break; it was probably cut or pasted with a newline';
  if (/\s/.test(value)) return 'contains a space';
  if (/\p{Cc}|[^\x21-\x7e]/u.test(value)) return 'contains a character that cannot stand in an HTTP header';
  if (isPlaceholder(value)) return 'is a placeholder, not a key';
  return null;
}

function isPlaceholder(value: string): boolean {
  const match = placeholders.exec(value);
  return match !== null && match[0].length === value.length;
}

/** Why a text is not an origin; null when it is. A path or a trailing slash is said, not guessed. */
export function originFault(value: string): string | null {
  if (value === '') return 'is set to an empty string; give it a value or unset it';
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return `must be an http or https origin such as https://fal.run`;
  if (url.username || url.password) return 'must not carry a user name or password';
  if (url.search || url.hash) return `must be an origin only; remove "${url.search}${url.hash}"`;
  if (url.pathname !== '/') return `must be an origin only; remove the path "${excerpt(url.pathname)}"`;
  if (value.endsWith('/')) return 'must be an origin only; remove the trailing slash';
  return null;
}

export function webAddressFault(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isWeb = url && /^https?:$/.test(url.protocol) && !url.username && !url.password;
  return isWeb ? null : 'must be an http or https address without a user name, such as https://rest.fal.ai/keys.json';
}

/** Why a text is not an adapter and the origin that plays it; null when it is. */
export function sandboxUrlFault(part: string): string | null {
  const [, url] = /^[a-z]+=(.+)$/.exec(part) ?? [];
  return url === undefined ? 'must be like openai=http://127.0.0.1:4300' : originFault(url);
}

/** Why a text cannot stand as `Contact` in security.txt (RFC 9116); null when it can. */
export function contactFault(value: string): string | null {
  const scheme = /^(https|mailto|tel):[\x21-\x7e]+$/i.exec(value)?.[1];
  if (scheme && URL.canParse(value)) return null;
  if (/^[^\s@:/]+@[^\s@]+$/.test(value)) return `is a bare address; write mailto:${excerpt(value)}`;
  return `is "${excerpt(value)}"; it must be an address such as mailto:security@example.com or https://example.com/security`;
}

/** Where to listen: a name or an address, IPv6 with or without its brackets. */
const hostFault = (value: string): string | null => {
  if (value === '') return 'is set to an empty string; give it a value or unset it';
  if (isIP(bare(value)) !== 0) return null;
  if (/^[^:]+:\d+$/.test(value)) return `is "${excerpt(value)}"; it must not carry a port, which PORT sets`;
  return /^[\w.-]+$/.test(value) ? null : `is "${excerpt(value)}", which is neither a host name nor an address`;
};

const bare = (host: string) => host.replace(/^\[(.*)\]$/, '$1');

export function checked(fault: (value: string) => string | null) {
  return z.string().superRefine((value, context) => {
    const sentence = fault(value);
    if (sentence) context.addIssue({ code: 'custom', message: sentence });
  });
}

export const listenAddress = checked(hostFault).transform(bare);

export const secret = checked(secretFault);
export const origin = checked(originFault);

export const postgresUrl = checked((value) => {
  if (value === '') return 'is set to an empty string; give it a value or unset it';
  if (/^\s|\s$|["'\r\n]/.test(value)) return 'contains a space, a quotation mark or a line break';
  // By hand: a URL with several hosts is none to the WHATWG parser.
  const match = /^postgres(?:ql)?:\/\/(?:[^/@]*@)?[^/?]+(?:[/?]|$)/.exec(value);
  if (!match) return 'must be a URL such as postgres://user:password@host:5432/database';
  const misread = escapingFault(value);
  if (misread !== null) return misread;
  if (/your[-_ ]?(?:%20)?password/i.test(match[0])) return 'still holds a placeholder password';
  const wanted = new URLSearchParams(value.split('?')[1] ?? '').get('target_session_attrs');
  if (wanted !== null && !/^(?:any|read-write|primary)$/.test(wanted)) {
    return `asks for target_session_attrs=${wanted.slice(0, 32)}; Sluice writes, so it must be read-write, primary or any`;
  }
  return null;
});

/** A number given as text, with its range said. */
export function numeric(low: number, high: number, unit: string, integer = true) {
  return checked((value) => {
    const number = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (number >= low && number <= high && (!integer || Number.isInteger(number))) return null;
    return `is "${excerpt(value)}"; it must be ${integer ? 'an integer' : 'a number'} ${low} to ${high}${unit}`;
  }).transform(Number);
}

export const flag = checked((value) =>
  /^(?:0|1|true|false)$/.test(value) ? null : `is "${excerpt(value)}"; it must be 1 or 0`,
).transform((value) => value === '1' || value === 'true');

/** Comma-separated, without blanks; each part obeys `fault`. */
export function list(fault: (part: string) => string | null) {
  return checked((value) => {
    for (const [index, part] of split(value).entries()) {
      const sentence = fault(part);
      if (sentence) return `(part ${index + 1}) ${sentence}`;
    }
    return null;
  }).transform(split);
}

function split(value: string): string[] {
  return value.split(',').map((part) => part.trim());
}
