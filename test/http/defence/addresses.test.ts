import { describe, expect, it } from 'vitest';
import { addressGroup, callerAddress, peerHeader, peerOf, peerValue } from '@/lib/http/defence/addresses';

describe('callerAddress', () => {
  it.each([
    // [X-Forwarded-For, the socket's peer, proxies of ours, who it is]
    ['6.6.6.6', '10.0.0.1', 0, '10.0.0.1'],
    [null, '10.0.0.1', 1, '10.0.0.1'],
    ['9.9.9.9', '10.0.0.1', 1, '9.9.9.9'],
    ['6.6.6.6, 9.9.9.9', '10.0.0.1', 1, '9.9.9.9'],
    ['6.6.6.6, 9.9.9.9, 10.0.0.2', '10.0.0.1', 2, '9.9.9.9'],
    ['9.9.9.9', '10.0.0.1', 2, '9.9.9.9'],
    ['6.6.6.6, not an address', '10.0.0.1', 1, '10.0.0.1'],
    ['6.6.6.6,', '10.0.0.1', 1, '10.0.0.1'],
    ['9.9.9.9:4711', '10.0.0.1', 1, '9.9.9.9'],
    ['[2001:db8::1]:4711', '10.0.0.1', 1, '2001:db8::1'],
    ['2001:db8::1', '10.0.0.1', 1, '2001:db8::1'],
    ['6.6.6.6', null, 0, null],
  ])('%j from %s behind %i proxies is %s', (said, socket, hops, who) => {
    expect(callerAddress(said, socket, hops)).toBe(who);
  });
});

describe('addressGroup', () => {
  it.each([
    ['9.9.9.9', '9.9.9.9'],
    ['::ffff:9.9.9.9', '9.9.9.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    [null, 'unknown'],
  ])('%s counts as %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});

describe('peerOf', () => {
  const plain = { VERCEL: undefined, SLUICE_TRUST_PROXY: 0 };
  const seen = (headers: Record<string, string>, env: Parameters<typeof peerOf>[1] = plain) =>
    peerOf(new Headers(headers), env);

  it('believes the front of this process, and nobody who plays it', () => {
    expect(seen({ [peerHeader]: peerValue('9.9.9.9'), 'x-forwarded-for': '6.6.6.6' })).toBe('9.9.9.9');
    expect(seen({ [peerHeader]: '0123456789abcdef 6.6.6.6' })).toBeNull();
  });

  it('tells nobody apart under a plain next start, unless proxies of ours are counted', () => {
    expect(seen({ 'x-forwarded-for': '6.6.6.6' })).toBeNull();
    expect(seen({ 'x-forwarded-for': '6.6.6.6, 9.9.9.9' }, { ...plain, SLUICE_TRUST_PROXY: 1 })).toBe('9.9.9.9');
  });

  it("takes Vercel's own header on Vercel only", () => {
    const headers = { 'x-vercel-forwarded-for': '9.9.9.9', 'x-forwarded-for': '6.6.6.6' };
    expect(seen(headers, { ...plain, VERCEL: '1' })).toBe('9.9.9.9');
    expect(seen(headers)).toBeNull();
  });
});
