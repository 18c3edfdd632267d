import { describe, expect, it } from 'vitest';
import { StoreAway } from '@/lib/kernel/store-away';
import { storeFault, storeSentence } from '@/lib/kernel/store-fault';

const failed = (code: string, message = 'raw words', more: object = {}) =>
  Object.assign(new Error(message), { code, ...more });
const subject = 'database shop on db.example';
const said = (error: Error, isOurs = false) => {
  const fault = storeFault(error);
  return fault && storeSentence(fault, { subject, isOurs, write: 'at once' });
};

describe('an error of the store in words', () => {
  it.each([
    ['ECONNREFUSED', '', /^Nothing was written: .* does not answer: the connection is refused\. Start the database/],
    ['CONNECT_TIMEOUT', 'write CONNECT_TIMEOUT db:5432', /^Nothing was written: .* no connection in time\. See that/],
    [
      'ENOTFOUND',
      'getaddrinfo ENOTFOUND x',
      /^Nothing was written: .* host name has no address here\. Correct the host/,
    ],
    ['53300', 'sorry, too many clients already', /^Nothing was written: .* too many clients\. End sessions/],
    ['57014', 'canceling statement due to statement timeout', /^Nothing was written: .* time limit\. Try again/],
    ['42501', 'permission denied for table feature_flags', /: permission denied for table feature_flags\. Grant it/],
    [
      '42P01',
      'relation "sluice.ticks" does not exist',
      /has no Sluice schema\. Check DATABASE_URL, then npm run migrate/,
    ],
    ['28000', 'role "nouser" does not exist', /refuses the user nouser\. Correct DATABASE_URL/],
    ['28P01', 'password authentication failed for user "bob"', /refuses the password of the user bob\. Correct/],
    ['XX000', 'FATAL: Tenant or user not found', /refuses the user or the password/],
    ['3D000', 'database "x" does not exist', /has none of that name\. Correct the name/],
    ['25006', 'cannot execute UPDATE in a read-only transaction', /takes no writes/],
    ['55P03', 'canceling statement due to lock timeout', /another session holds it\. Let that session commit/],
  ])('%s', (code, message, sentence) => {
    expect(said(failed(code, message))).toMatch(sentence);
  });

  it('names the session that holds the lock, as far as it is known', () => {
    const heldBy = [
      { pid: 4711, application: 'psql', user: 'bob', sinceMs: Date.UTC(2026, 10, 28, 3) },
      { pid: 12, application: null, user: null, sinceMs: null },
    ];
    expect(said(failed('55P03', 'x', { heldBy }))).toContain(
      'pid 4711 holds it (psql, user bob, since 2026-11-28T03:00:00.000Z); the session with pid 12 holds it.',
    );
  });

  it('tells a schema that is older from one that is not there', () => {
    const missing = failed('42P01', 'relation "sluice.last_good" does not exist', { hasSchema: true });
    expect(said(missing)).toMatch(/has an older Sluice schema than this program: .*last_good.*\. npm run migrate\.$/);
  });

  it('does not claim that nothing was written when the answer was lost', () => {
    for (const code of ['CONNECTION_CLOSED', 'ECONNRESET', '57P01']) {
      expect(said(failed(code))).toMatch(/^It is not known whether this was written: .*ended the connection/);
    }
    expect(said(StoreAway.late('a write', 5))).toMatch(/^It is not known/);
  });

  it('knows our own database, causes, a % that cannot be read, and what is no fault of the store', () => {
    expect(said(failed('ECONNREFUSED'), true)).toContain(
      'is not running. Start it with npm start, or set DATABASE_URL.',
    );
    expect(said(new Error('outer', { cause: failed('53300') }))).toContain('too many clients');
    expect(said(new URIError('URI malformed'))).toContain('Write % as %25 in DATABASE_URL');
    expect(storeFault(failed('22023'))).toBeNull();
    expect(storeFault(new Error('x'))).toBeNull();
    expect(storeFault('x')).toBeNull();
  });
});
