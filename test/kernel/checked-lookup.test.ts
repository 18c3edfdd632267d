import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { checkedLookup, type Resolve } from '@/lib/kernel/checked-lookup';

const answering =
  (...addresses: string[]): Resolve =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

function look(resolve: Resolve, all: boolean, allowPrivate = false) {
  return new Promise<{ error: Error | null; address: string | LookupAddress[] }>((done) =>
    checkedLookup(allowPrivate, resolve)('hooks.example.com', { all }, (error, address) => done({ error, address })),
  );
}

describe('the lookup of the socket', () => {
  it('hands over the address it checked', async () => {
    expect(await look(answering('8.8.8.8'), false)).toEqual({ error: null, address: '8.8.8.8' });
    expect((await look(answering('8.8.8.8', '2606:4700::1111'), true)).address).toHaveLength(2);
  });

  it.each(['127.0.0.1', '169.254.169.254', '::1', '::ffff:10.0.0.1'])('refuses a name that answers %s', async (bad) => {
    const { error } = await look(answering('8.8.8.8', bad), true);
    expect(error?.message).toBe(`hooks.example.com resolves to ${bad}, which is not a public address`);
  });

  it('lets private addresses through where it is told to, and never those where a cloud keeps keys', async () => {
    expect((await look(answering('10.0.0.1', '::1'), true, true)).error).toBeNull();
    for (const bad of ['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '100.100.100.200']) {
      const { error } = await look(answering('10.0.0.1', bad), true, true);
      expect(error?.message).toBe(`hooks.example.com resolves to ${bad}, which is not a public address`);
    }
  });

  it('says when a name has no address', async () => {
    expect((await look(answering(), false)).error?.message).toBe('hooks.example.com has no address');
  });
});
