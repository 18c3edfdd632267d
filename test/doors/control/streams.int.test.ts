import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as door from '@/app/api/[[...rest]]/route';
import { addOperator, revokeOperator } from '@/lib/access/operators';
import { endSession } from '@/lib/access/sessions';
import { signInWithToken } from '@/lib/access/sign-in';
import { access } from '@/lib/process/web';
import { adminToken, type TestApi, testApi } from '@/test/support/api';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

type Credential = Readonly<Record<string, string | null>>;

const open = (headers: Credential, method = 'GET') =>
  api.request(door, { path: '/api/stream', method, signedIn: false, headers });
const bearer = (token: string): Credential => ({ authorization: `Bearer ${token}` });
const cookie = (token: string): Credential => ({ cookie: `sluice=${token}` });

const operator = async (name: string, role = 'viewer') =>
  (await addOperator(access().identities, { name, role, validDays: null }, 'test')).token;
const session = async (token: string) => (await signInWithToken(access().identities, token)).token;

/** How long a stream lasts from now on, and what it has said. */
async function lasting(answer: Response): Promise<{ ms: number; text: string }> {
  const startedAt = performance.now();
  const stop = new AbortController();
  const late = wait(8000, 'late' as const, { signal: stop.signal }).catch(() => 'late' as const);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  for (;;) {
    const part = await Promise.race([reader.read(), late]);
    if (part === 'late') {
      await reader.cancel();
      return { ms: Number.POSITIVE_INFINITY, text };
    }
    if (part.done) break;
    text += Buffer.from(part.value).toString();
  }
  stop.abort();
  return { ms: performance.now() - startedAt, text };
}

describe('GET /api/stream', () => {
  it('opens nothing for HEAD, however often', async () => {
    for (let n = 0; n < 600; n += 1) {
      const answer = await open(bearer(adminToken), 'HEAD');
      expect([answer.status, answer.body]).toEqual([200, null]);
      expect(answer.headers.get('content-type')).toContain('text/event-stream');
    }
    const answer = await open(bearer(adminToken));
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  it('has so many places for a session, for a person and in all; each is free again when its stream ends', async () => {
    const token = await operator('ann');
    const mine = await session(token);
    const eight = await Promise.all(Array.from({ length: 8 }, () => open(cookie(mine))));
    expect(new Set(eight.map(({ status }) => status))).toEqual(new Set([200]));
    const ninth = await open(cookie(mine));
    expect([ninth.status, ninth.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await ninth.json()).toMatchObject({
      code: 'too-many-streams',
      detail: expect.stringContaining('8 streams'),
    });
    // Another session of the same person has places of its own, up to the person's.
    const sessions = await Promise.all(Array.from({ length: 5 }, () => session(token)));
    const more = await Promise.all(sessions.flatMap((each) => Array.from({ length: 8 }, () => open(cookie(each)))));
    expect(more.filter(({ status }) => status === 200)).toHaveLength(32);
    await eight[0]?.body?.cancel();
    const again = await open(cookie(mine));
    expect(again.status).toBe(200);
    for (const answer of [...eight.slice(1), ...more, again]) await answer.body?.cancel();
  });

  const ends: readonly (readonly [string, (credential: 'session' | 'token', name: string) => Promise<void>])[] = [
    ['revoked', (_, name) => revokeOperator(access().identities.operators, name, 'test')],
    [
      'expired',
      async (_, name) =>
        void (await api.rollout.database.sql`
          update sluice.operators set expires_at = now() - interval '1 second' where name = ${name}`),
    ],
    [
      'demoted',
      async (_, name) =>
        void (await api.rollout.database.sql`update sluice.operators set role = 'viewer' where name = ${name}`),
    ],
  ];
  it.each(ends)('ends within 5 s once its operator is %s', async (how, end) => {
    for (const kind of ['session', 'token'] as const) {
      const name = `${how}-${kind}`;
      const token = await operator(name, 'operator');
      const answer = await open(kind === 'session' ? cookie(await session(token)) : bearer(token));
      const ended = lasting(answer);
      await wait(300);
      await end(kind, name);
      const { ms, text } = await ended;
      expect(text).toContain('event: snapshot');
      expect(ms).toBeLessThan(5000);
    }
  });

  it('ends within 5 s once its session is ended by an admin, and not before', async () => {
    const own = await session(await operator('bob'));
    const other = await session(await operator('cat'));
    const [mine, theirs] = await Promise.all([open(cookie(own)), open(cookie(other))]);
    const [ended, lasted] = [lasting(mine), lasting(theirs)];
    const bob = (await access().identities.sessions.list()).find(({ who }) => who.name === 'operator:bob');
    await endSession(access().identities.sessions, bob?.id ?? 0, 'operator:admin');
    expect((await ended).ms).toBeLessThan(5000);
    expect((await lasted).ms).toBe(Number.POSITIVE_INFINITY);
  });
});
