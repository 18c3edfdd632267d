import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hintOf, keyText } from '@/lib/registry/keys/key-text';
import { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import { fingerprintOf, seal, unseal } from '@/lib/registry/keys/seal';

const secret = randomBytes(32);
const other = randomBytes(32);
const place = { provider: 'fal', version: 3 };

describe('a sealed key', () => {
  it('opens with the secret that sealed it, at its own place', () => {
    const sealed = seal(secret, place, 'id:secret');
    expect(unseal(secret, place, sealed)).toBe('id:secret');
    expect(sealed).not.toContain('secret');
    expect(seal(secret, place, 'id:secret')).not.toBe(sealed);
  });

  it('opens with no other secret and at no other place', () => {
    const sealed = seal(secret, place, 'id:secret');
    expect(unseal(other, place, sealed)).toBeNull();
    expect(unseal(secret, { ...place, version: 4 }, sealed)).toBeNull();
    expect(unseal(secret, { ...place, provider: 'runware' }, sealed)).toBeNull();
  });

  it('opens no more when one sign of it is another, or something is missing', () => {
    const sealed = seal(secret, place, 'id:secret');
    for (let at = 3; at < sealed.length; at += 1) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      // The last sign of a base64 text may hold bits that mean nothing.
      if (at < sealed.length - 1) expect(unseal(secret, place, changed)).toBeNull();
    }
    for (const odd of ['', 'v1', 'v1..', 'v2.AAAA.BBBB', sealed.slice(0, -4), 'id:secret']) {
      expect(unseal(secret, place, odd)).toBeNull();
    }
  });

  it('is known by a fingerprint of its secret', () => {
    expect(fingerprintOf(secret)).toMatch(/^[\da-f]{12}$/);
    expect(fingerprintOf(secret)).toBe(fingerprintOf(Buffer.from(secret)));
    expect(fingerprintOf(secret)).not.toBe(fingerprintOf(other));
  });
});

describe('the text of a key', () => {
  it('loses the blanks and line breaks around it', () => expect(keyText('  id:secret\r\n')).toBe('id:secret'));

  it.each([
    ['', 'nothing was given'],
    ['\n', 'nothing was given'],
    ['a\nb', 'contains a line break'],
    ['a b', 'contains a space'],
    ['a\u0000b', 'cannot stand in an HTTP header'],
    ['a\u001bb', 'cannot stand in an HTTP header'],
    ['schlüssel', 'cannot stand in an HTTP header'],
    ['"quoted"', 'quotation mark'],
    ['x'.repeat(2049), 'has 2049 characters; it may have 2048'],
    ['your-api-key', 'is a placeholder'],
  ])('%j is refused', (text, sentence) => expect(() => keyText(text)).toThrow(sentence));

  it('is hinted at by its end, where that gives nothing away', () => {
    expect(hintOf('sk-1234567890')).toBe('7890');
    expect(hintOf('short-key')).toBe('');
  });
});

describe('the keys of the providers', () => {
  const row = (provider: string, version: number, key: string, by = secret) => {
    return { provider, version, sealed: seal(by, { provider, version }, key), sealedWith: fingerprintOf(by) };
  };
  const keys = (own: Uint8Array | null = secret) =>
    new ProviderKeys({ secret: own, environment: (name) => (name === 'fal' ? 'of-the-environment' : null) });

  it('are the newest stored one, else that of the environment, else none', () => {
    const known = keys();
    expect(known.keyOf('fal')).toEqual({ key: 'of-the-environment', version: 0 });
    expect(known.keyOf('kling')).toBeNull();
    known.learn([row('fal', 2, 'second'), row('fal', 10, 'tenth'), row('kling', 1, 'first')]);
    expect(known.keyOf('fal')).toEqual({ key: 'tenth', version: 10 });
    expect(known.keyOf('kling')).toEqual({ key: 'first', version: 1 });
    known.learn([]);
    expect(known.keyOf('fal')).toEqual({ key: 'of-the-environment', version: 0 });
  });

  it('older than the newest go on serving what was begun with them', () => {
    const known = keys();
    known.learn([row('fal', 1, 'first'), row('fal', 2, 'second')]);
    expect(known.keyAt('fal', 1)).toBe('first');
    expect(known.keyAt('fal', 0)).toBe('of-the-environment');
    expect(known.keyAt('fal', 3)).toBeNull();
  });

  it('that cannot be read are said, and the next best is used', () => {
    const known = keys();
    known.learn([row('fal', 1, 'first'), row('fal', 2, 'second', other), row('kling', 1, 'x', other)]);
    expect(known.keyOf('fal')).toEqual({ key: 'first', version: 1 });
    expect(known.keyOf('kling')).toBeNull();
    expect(known.faults.get('kling')).toContain(`sealed with SLUICE_SECRET_KEY ${fingerprintOf(other)}`);
    const lost = keys(null);
    lost.learn([row('fal', 1, 'first')]);
    expect(lost.keyOf('fal')).toEqual({ key: 'of-the-environment', version: 0 });
    expect(lost.faults.get('fal')).toContain('none is set here');
  });

  it('stay what they were while what is stored is sealed with a secret that comes with the next start', () => {
    const known = keys();
    known.learn([row('fal', 1, 'first')]);
    known.learn([row('fal', 1, 'first', other)]);
    expect(known.keyOf('fal')).toEqual({ key: 'first', version: 1 });
    expect(known.faults.size).toBe(0);
  });
});
