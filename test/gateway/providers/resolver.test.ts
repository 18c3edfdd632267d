import { describe, expect, it } from 'vitest';
import { isLocalFault } from '@/lib/gateway/providers/local-fault';
import { isLookupFault, type Resolve, Resolver, witnessesOf } from '@/lib/gateway/providers/resolver';

const fault = (code: string) => Object.assign(new Error(code), { code, syscall: 'getaddrinfo' });

/** A resolver that knows some names and says `code` of others; it answers when it is told to. */
function resolving(known: readonly string[], code = 'ENOTFOUND') {
  const asked: (() => void)[] = [];
  const resolve: Resolve = (name, _options, found) => {
    asked.push(() =>
      known.includes(name) ? found(null, [{ address: '8.8.8.8', family: 4 }]) : found(fault(code), []),
    );
  };
  const answer = () => {
    for (const each of asked.splice(0)) each();
  };
  return { resolve, asked, answer };
}

describe('a fault of this machine', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'ENETDOWN', 'ENETUNREACH'])('is %s', (code) => {
    expect(isLocalFault(fault(code))).toBe(true);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'is not %s',
    (code) => {
      expect(isLocalFault(fault(code))).toBe(false);
    },
  );

  it('is one of several addresses only when it is each of them', () => {
    expect(isLocalFault(new AggregateError([fault('ENETUNREACH'), fault('ENETUNREACH')]))).toBe(true);
    expect(isLocalFault(new AggregateError([fault('ENETUNREACH'), fault('ECONNREFUSED')]))).toBe(false);
  });
});

describe('a name that does not resolve', () => {
  const isOurs = async (witnesses: readonly string[], known: readonly string[], code: string) => {
    const { resolve, answer } = resolving(known, code);
    const judged = new Resolver(witnesses, resolve).isOurs(fault(code));
    answer();
    return judged;
  };

  it.each([
    ['ENOTFOUND', ['api.other.ai'], ['api.other.ai'], false],
    ['EAI_AGAIN', ['api.other.ai'], ['api.other.ai'], false],
    ['ENOTFOUND', ['api.other.ai'], [], true],
    ['EAI_AGAIN', ['api.other.ai'], [], true],
    ['ENOTFOUND', [], [], false],
    ['EAI_AGAIN', [], [], true],
  ])('%s, with %j to compare and %j known, is our own fault: %s', async (code, witnesses, known, ours) => {
    expect(await isOurs(witnesses, known, code)).toBe(ours);
  });

  it('is looked up once for all who ask at once', async () => {
    const { resolve, asked, answer } = resolving(['fal.run']);
    const resolver = new Resolver([], resolve);
    const ask = () => new Promise((done) => resolver.lookup('fal.run', {}, (_, address) => done(address)));
    const all = [ask(), ask(), ask()];
    expect([asked.length, resolver.isWaiting]).toEqual([1, true]);
    answer();
    expect(await Promise.all(all)).toEqual(Array(3).fill('8.8.8.8'));
    expect(resolver.isWaiting).toBe(false);
  });

  it('is compared with names of others that a resolver has to know', () => {
    const urls = [
      'https://fal.run',
      'https://api.runware.ai',
      'http://127.0.0.1:4000',
      'http://[::1]:1',
      'http://localhost:1',
    ];
    expect(witnessesOf([...urls, 'https://a.example:99999'], 'https://fal.run')).toEqual(['api.runware.ai']);
  });

  it('is a fault of a look-up, not of a connection', () => {
    expect(isLookupFault(fault('ENOTFOUND'))).toBe(true);
    expect(isLookupFault(Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' }))).toBe(false);
  });
});
