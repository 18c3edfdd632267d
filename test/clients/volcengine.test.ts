import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { assert, asyncProperty, constantFrom, dictionary, integer, property, string, tuple } from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { relayAuthorization } from '@/lib/gateway/providers/relay/authorization/authorization';
import { type RelayedWorld, relayedWorld } from '@/test/support/relayed-world';

interface Signed {
  readonly region: string;
  readonly method: string;
  readonly pathname: string;
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Record<string, string>;
  readonly body: string;
}
interface VolcengineSigner {
  addAuthorization(credentials: { readonly accessKeyId: string; readonly secretKey: string }, date: Date): void;
}
/** The vendor's own, which says what a signature is. It has no types of this file. */
const { default: Signer } = createRequire(import.meta.url)('@volcengine/openapi/lib/base/sign') as {
  readonly default: new (request: Signed, service: string) => VolcengineSigner;
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Asked = Pick<Signed, 'method' | 'pathname' | 'params' | 'body'>;

/** What it adds to a request. Of an empty body it says no digest, which our vendors want: it is said beforehand. */
function signedByThem(asked: Asked, host: string, key: string, date: Date): Record<string, string> {
  const [accessKeyId = '', secretKey = ''] = key.split(':');
  const headers: Record<string, string> = { Host: host };
  if (asked.body === '') headers['X-Content-Sha256'] = sha256('');
  new Signer({ ...asked, region: 'cn-north-1', headers }, 'cv').addAuthorization({ accessKeyId, secretKey }, date);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function searchOf(params: Asked['params']): string {
  const pairs = Object.entries(params).flatMap(([name, said]) => [said].flat().map((value) => [name, value] as const));
  const text = pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return text === '' ? '' : `?${text}`;
}

// Well-formed, as what a URL holds is; a parameter without a name is left out by their client.
const text = string({ unit: 'grapheme', maxLength: 12 });
const odd = constantFrom("it's *(1)!", 'a+b c', 'x=y&z', '~._-', '%2F%20', 'a[0]', 'aZ{', '图像', 'é', '');
const value = constantFrom(text, odd).chain((each) => each);
const name = value.filter((each) => each !== '' && each !== '__proto__');
const params = dictionary(name, tuple(value, value, integer({ min: 0, max: 3 })), { maxKeys: 6 }).map((pairs) =>
  Object.fromEntries(Object.entries(pairs).map(([key, [one, two, n]]) => [key, n === 0 ? [one, two] : one])),
);
const body = constantFrom(
  text,
  odd,
  text.map((prompt) => JSON.stringify({ req_key: 'x', prompt })),
).chain((each) => each);
const key = constantFrom('AK:SK', 'sandbox-access:sandbox-secret', 'AKLT==:c2VjcmV0==');
const seconds = integer({ min: 1_500_000_000, max: 2_500_000_000 });

describe('@volcengine/openapi', () => {
  let world: RelayedWorld;
  beforeAll(async () => {
    world = await relayedWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.sandbox.jimeng.restore();
    world.sandbox.jimeng.control({ latencyMs: 0, jobMs: 0 });
  });

  it('signs every request as a relay does, letter by letter', () => {
    const method = constantFrom('GET', 'POST', 'PUT', 'DELETE');
    const pathname = constantFrom('/', '/v1/x', '/%E5%9B%BE/a~b');
    assert(
      property(method, pathname, params, body, key, seconds, (method, pathname, params, body, key, second) => {
        const date = new Date(second * 1000 + 7);
        const host = 'visual.volcengineapi.com';
        const theirs = signedByThem({ method, pathname, params, body }, host, key, date);
        const ours = relayAuthorization(key, { scheme: 'volc-signature' }, () => date.getTime()).credentials({
          ...{ method, host, path: pathname, search: searchOf(params), contentType: null },
          body: body === '' ? null : Buffer.from(body),
        });
        const { host: _, ...said } = theirs;
        expect(Object.fromEntries(pairsOf(ours.headers))).toEqual(said);
      }),
      { numRuns: 500 },
    );
  });

  it('is let in by the vendor whose other door a relay goes through, and finds there what the relay made', async () => {
    await world.share('jimeng', 1);
    const { url, key } = world.sandbox.jimeng;
    const send = async (params: Asked['params'], body: string) => {
      const asked = { method: 'POST', pathname: '/', params, body };
      const headers = signedByThem(asked, new URL(url).host, key, new Date());
      const answer = await fetch(url + searchOf(params), { method: 'POST', headers, body });
      return { status: answer.status, body: (await answer.json()) as { readonly data: Record<string, unknown> } };
    };
    const submit = { Action: 'CVSync2AsyncSubmitTask', Version: '2022-08-31' };
    const result = { Action: 'CVSync2AsyncGetResult', Version: '2022-08-31' };
    await assert(
      asyncProperty(params, text, async (more, prompt) => {
        const said = JSON.stringify({ req_key: 'jimeng_t2v_v30', prompt });
        expect((await send({ ...more, ...submit }, said)).status).toBe(200);
        const relayed = await world.ask('POST', `/jimeng/${searchOf(submit)}`, JSON.parse(said));
        const { task_id } = relayed.body.data as { readonly task_id: string };
        expect(relayed.status).toBe(200);
        const found = await send(result, JSON.stringify({ req_key: 'jimeng_t2v_v30', task_id }));
        expect(found.body.data.status).toBe('done');
      }),
      { numRuns: 20 },
    );
  });
});

const pairsOf = (flat: readonly string[]) =>
  flat.flatMap((each, at) => (at % 2 === 0 ? [[each, flat[at + 1] ?? ''] as const] : []));
