import { createHash, createHmac } from 'node:crypto';
import type { RelayAuth } from '../options';
import type { RelayAuthorization, Unsigned } from './credentials';

interface Signing {
  readonly access: string;
  readonly secret: string;
  readonly region: string;
  readonly service: string;
}

/** Volcengine's HMAC-SHA256: over host, path, query, date and the exact bytes of the body. */
export function volcSigner(key: string, auth: RelayAuth, nowMs: () => number): RelayAuthorization {
  const [access = '', secret = ''] = key.split(':');
  const signing = { access, secret, region: auth.region ?? 'cn-north-1', service: auth.service ?? 'cv' };
  return {
    ...{ signsBody: true, header: 'authorization', forget: () => undefined },
    credentials: (call) => ({ search: call.search, headers: signed(call, signing, nowMs()) }),
  };
}

function signed(call: Unsigned, { access, secret, region, service }: Signing, nowMs: number): string[] {
  const at = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const day = at.slice(0, 8);
  const digest = sha256(call.body ?? '');
  const headers: [string, string][] = [
    ['host', call.host],
    ['x-content-sha256', digest],
    ['x-date', at],
  ];
  if (call.contentType !== null) headers.unshift(['content-type', call.contentType.trim()]);
  const names = headers.map(([name]) => name).join(';');
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('');
  const asked = [call.method, call.path, canonicalQuery(call.search), lines, names, digest].join('\n');
  const scope = `${day}/${region}/${service}/request`;
  const key = [day, region, service, 'request'].reduce<string | Buffer>((last, part) => hmac(last, part), secret);
  const signature = hmac(key, ['HMAC-SHA256', at, scope, sha256(asked)].join('\n')).toString('hex');
  const authorization = `HMAC-SHA256 Credential=${access}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return ['x-date', at, 'x-content-sha256', digest, 'authorization', authorization];
}

/** By the names as they are meant, and of one name by the values as they are written: so the vendor's own client does it. */
function canonicalQuery(search: string): string {
  const pairs = [...new URLSearchParams(search)].map(([name, value]) => [name, escaped(value)] as const);
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]));
  return pairs.map(([name, value]) => `${escaped(name)}=${value}`).join('&');
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
