import { expect, it } from 'vitest';
import { relayAuthorization, relayKeyFault } from '@/lib/gateway/providers/relay/authorization/authorization';
import { relayOptions } from '@/lib/gateway/providers/relay/options';

const call = { method: 'POST', host: 'h', path: '/v1', search: '?a=1', contentType: null, body: null };
const at = () => Date.parse('2026-11-29T09:00:00.500Z');

it.each([
  ['bearer', undefined, '?a=1', ['authorization', 'Bearer k']],
  ['header', 'X-API-KEY', '?a=1', ['x-api-key', 'k']],
  ['query', 'key', '?a=1&key=k', []],
  ['none', undefined, '?a=1', []],
] as const)('says the key by the scheme %s', (scheme, name, search, headers) => {
  const authorization = relayAuthorization('k', { scheme, ...(name ? { name } : {}) }, at);
  expect(authorization.credentials(call)).toEqual({ search, headers });
});

it('leaves the query as it was written, but for another key of that name', () => {
  const authorization = relayAuthorization('a&b', { scheme: 'query', name: 'key' }, at);
  const { search } = authorization.credentials({ ...call, search: '?x=%20+%2f&key=mine&k%65y=too&y' });
  expect(search).toBe('?x=%20+%2f&y&key=a%26b');
});

it.each([
  ['/v1/x?a=1&key=s%2Fecret&b#c', '/v1/x?a=1&b#c'],
  ['https://v.test/x?key=s/ecret', 'https://v.test/x'],
  ['/v1/x?k%65y=%73%2fecret', '/v1/x'],
  ['/v1/x?key=of-another', '/v1/x?key=of-another'],
  ['/v1/100%?a=1', '/v1/100%?a=1'],
  ['/v1/s%2fecret', null],
  ['</x?key=s/ecret>; rel="next"', '</x'],
])('of %s says no key that the query has', (said, expected) => {
  const { unkeyed } = relayAuthorization('s/ecret', { scheme: 'query', name: 'key' }, at);
  expect(unkeyed?.(said)).toBe(expected);
});

it('makes a token of Kling’s two keys, and says which key it wants', () => {
  const authorization = relayAuthorization('access:secret', { scheme: 'kling-jwt' }, at);
  expect(authorization.credentials(call).headers[1]).toMatch(/^Bearer eyJ/);
  expect(relayKeyFault('a:b:c', { scheme: 'kling-jwt' })).toContain('ACCESS:SECRET');
  expect(relayKeyFault('a', { scheme: 'volc-signature' })).toContain('ACCESS:SECRET');
  expect(relayKeyFault('a:b', { scheme: 'volc-signature' })).toBeNull();
});

it('signs the exact bytes as Volcengine does', () => {
  const authorization = relayAuthorization('AK:SK', { scheme: 'volc-signature' }, at);
  const asked = {
    ...{ method: 'POST', host: 'visual.volcengineapi.com', path: '/', contentType: 'application/json' },
    ...{ search: '?Version=2022-08-31&Action=CVSync2AsyncSubmitTask', body: Buffer.from('{"req_key":"x"}') },
  };
  const { search, headers } = authorization.credentials(asked);
  expect(search).toBe(asked.search);
  expect(headers.slice(0, 2)).toEqual(['x-date', '20261129T090000Z']);
  const [scope, names, signature] = String(headers.at(-1)).split(', ');
  expect(scope).toBe('HMAC-SHA256 Credential=AK/20261129/cn-north-1/cv/request');
  expect(names).toBe('SignedHeaders=content-type;host;x-content-sha256;x-date');
  expect(signature).toMatch(/^Signature=[0-9a-f]{64}$/);
  const other = authorization.credentials({ ...asked, body: Buffer.from('{"req_key":"y"}') });
  expect(other.headers.at(-1)).not.toBe(headers.at(-1));
});

it('signs as Volcengine’s own client does, letter by letter', () => {
  // What `@volcengine/openapi` 1.36.2 makes of the same request; it signs no content type.
  const key = 'AKIDEXAMPLE:c2VjcmV0';
  const authorization = relayAuthorization(key, { scheme: 'volc-signature' }, () => Date.UTC(2026, 10, 29, 9));
  const { headers } = authorization.credentials({
    ...{ method: 'POST', host: 'visual.volcengineapi.com', path: '/', contentType: null },
    search: "?Action=CVSync2AsyncSubmitTask&Version=2022-08-31&a%20b=it's%20*(1)!",
    body: Buffer.from('{"req_key":"jimeng_t2v_v30","prompt":"一条船 \\"x\\""}'),
  });
  expect(headers).toEqual([
    ...['x-date', '20261129T090000Z'],
    ...['x-content-sha256', 'cae29a5a8897d2c81db47204f20cfc14cfdf139807b36a90e275c56c6ec3dacc'],
    'authorization',
    'HMAC-SHA256 Credential=AKIDEXAMPLE/20261129/cn-north-1/cv/request, SignedHeaders=host;x-content-sha256;x-date, Signature=8cd297cb38b6b2ac2689ac48fc5886b6dc13b96f724e5724b58a3eaf831ecb05',
  ]);
});

it.each([
  [{}, { dialect: 'generic', auth: { scheme: 'bearer' }, timeoutMs: 300_000 }],
  [{ auth: { scheme: 'none' }, pass: ['X-Runway-Version'], private: true }, { pass: ['x-runway-version'] }],
  [{ headers: { 'X-Runway-Version': '1' } }, { headers: { 'x-runway-version': '1' } }],
  [{ auth: { scheme: 'header' } }, 'options.auth.name is missing'],
  [{ auth: { scheme: 'magic' } }, 'options.auth.scheme'],
  [{ timeout_ms: 5 }, 'options.timeout_ms'],
  [{ headers: { 'a b': 'x' } }, 'options.headers'],
  [{ headers: { a: 'x\r\ny' } }, 'options.headers.a'],
])('reads the options %j', (written, expected) => {
  const read = relayOptions(written);
  if (typeof expected === 'string') expect(read).toContain(expected);
  else expect(read).toMatchObject(expected);
});
