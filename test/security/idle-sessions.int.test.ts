import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inviteStore } from '@/lib/access/invite-store';
import { operatorAuthenticators } from '@/lib/access/operator-authenticators';
import { operatorStore } from '@/lib/access/operator-store';
import { sessionStore } from '@/lib/access/session-store';
import { type Identities, signInWithToken } from '@/lib/access/sign-in';
import { tokens } from '@/lib/access/tokens';
import type { Head } from '@/lib/http/message';
import { openStream } from '@/lib/process/stream/open-stream';
import { type TestDatabase, testDatabase } from '../support/database';

const adminToken = 'admin-token-of-the-operators-0123456789';

let database: TestDatabase;
let identities: Identities;
beforeAll(async () => {
  database = await testDatabase();
  identities = {
    operators: operatorStore(database.sql),
    sessions: sessionStore(database.sql, { idleSeconds: 3600, adminCredential: tokens.digest(adminToken) }),
    invites: inviteStore(database.sql),
    adminToken,
    directory: null,
    requireMfa: false,
  };
});
afterAll(() => database.close());

const headOf = (headers: Record<string, string>): Head => ({
  method: 'GET',
  path: '/api/stream',
  query: new URLSearchParams(),
  header: (name) => (name === 'host' ? '127.0.0.1:3000' : (headers[name] ?? null)),
  remote: '127.0.0.1',
  requestId: 'r-1',
});

async function quietSession() {
  const { token } = await signInWithToken(identities, adminToken);
  const idHash = tokens.digest(token);
  const usedBefore = (ago: string) => database.sql`
    update sluice.sessions set last_seen_at = now() - ${ago}::interval where id_hash = ${idHash}`;
  const isQuiet = async () => {
    const [row] = await database.sql<{ isQuiet: boolean }[]>`
      select last_seen_at < now() - interval '59 minutes' as "isQuiet" from sluice.sessions where id_hash = ${idHash}`;
    return row?.isQuiet;
  };
  await usedBefore('59 minutes 50 seconds');
  return { cookie: `sluice=${token}`, usedBefore, isQuiet };
}

describe('an open dashboard', () => {
  it('keeps no session open by its stream, which ends with the session', async () => {
    const { cookie, usedBefore, isQuiet } = await quietSession();
    let left = () => {};
    const isOver = new Promise<void>((resolve) => {
      left = resolve;
    });
    const parts = {
      feed: async () => ({ event: 'snapshot', subscribe: () => () => {} }),
      seats: { take: () => left },
      authenticators: operatorAuthenticators(identities),
      wrong: { noted: () => {} },
    };
    const { body } = await openStream(headOf({ cookie }), parts as never);
    expect(await isQuiet()).toBe(true);
    await usedBefore('60 minutes 1 second');
    await isOver;
    await (body as ReadableStream).cancel();
    await expect(openStream(headOf({ cookie }), parts as never)).rejects.toThrow('Sign in');
  });

  it('keeps one open by what it asks while somebody touches it, and by nothing else', async () => {
    const { cookie, isQuiet } = await quietSession();
    const [bySession] = operatorAuthenticators(identities);
    expect(await bySession?.(headOf({ cookie, 'sluice-unattended': '1' }))).toMatchObject({ role: 'admin' });
    expect(await isQuiet()).toBe(true);
    expect(await bySession?.(headOf({ cookie }))).toMatchObject({ role: 'admin' });
    expect(await isQuiet()).toBe(false);
  });
});
