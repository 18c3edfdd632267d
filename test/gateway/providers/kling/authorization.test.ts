import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorizationOf, keyFault, withoutTokens } from '@/lib/gateway/providers/kling/authorization';

const minute = 60_000;
const startMs = 1_764_400_000_000;

function partsOf(header: string) {
  const [head = '', claims = '', signature] = header.replace('Bearer ', '').split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  return { head: read(head), claims: read(claims), signature, signed: `${head}.${claims}` };
}

describe("what Kling's calls are signed with", () => {
  it('is the key itself where it has no secret', () => {
    const authorization = authorizationOf('api-key-of-kling');
    expect(authorization.header()).toBe('Bearer api-key-of-kling');
    authorization.forget();
    expect(authorization.header()).toBe('Bearer api-key-of-kling');
  });

  it('is a token of the access key, signed with the secret key, with its type and from a little earlier on', () => {
    const { head, claims, signature, signed } = partsOf(authorizationOf('access:secret', () => startMs).header());
    expect(head).toEqual({ alg: 'HS256', typ: 'JWT' });
    const now = startMs / 1000;
    expect(claims).toEqual({ iss: 'access', exp: now + 1800, nbf: now - 5 });
    expect(signature).toBe(createHmac('sha256', 'secret').update(signed).digest('base64url'));
  });

  it('is used for 25 minutes, and never up to its end', () => {
    let nowMs = startMs;
    const { header } = authorizationOf('access:secret', () => nowMs);
    const first = header();
    nowMs += 25 * minute - 1000;
    expect(header()).toBe(first);
    nowMs += 1000;
    expect(header()).not.toBe(first);
  });

  it('is made anew after a refusal, and when the clock was set back', () => {
    let nowMs = startMs;
    const authorization = authorizationOf('access:secret', () => nowMs);
    const first = authorization.header();
    nowMs += minute;
    expect(authorization.header()).toBe(first);
    authorization.forget();
    const second = authorization.header();
    expect(second).not.toBe(first);
    nowMs -= 10 * minute;
    expect(authorization.header()).not.toBe(second);
  });

  it('is taken out of what the vendor says', () => {
    const token = authorizationOf('access:secret', () => startMs)
      .header()
      .slice('Bearer '.length);
    expect(withoutTokens(`invalid: ${token}, for good`)).toBe('invalid: …, for good');
  });

  it.each(['api-key', 'access:secret'])('takes %s', (key) => {
    expect(keyFault(key)).toBeNull();
  });

  it.each(['access:', ':secret', 'a:b:c', ':'])('says what is wrong with %s', (key) => {
    expect(keyFault(key)).toContain('"ACCESS:SECRET"');
  });
});
