import { beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '@/lib/config/log';
import { ownPasswordRoutes } from '@/lib/doors/control/people/own-password';
import { signInWatched } from '@/lib/doors/control/people/sign-in-watched';
import { asProblem } from '@/lib/http/as-problem';
import { type WrongCredentials, wrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head } from '@/lib/http/message';
import { Problem } from '@/lib/http/problem';

const head: Head = {
  method: 'POST',
  path: '/api/session',
  query: new URLSearchParams(),
  header: () => null,
  remote: '6.6.6.6',
  requestId: 'r-1',
};
const refusal = new Problem(401, 'sign-in-refused', 'No.');
const away = new Problem(503, 'directory-away', 'Sign-in does not answer.');

let wrong: WrongCredentials;
beforeEach(() => {
  const log = createLog('info', {}, { write: () => {} });
  wrong = wrongCredentials({ perMinute: 10, now: () => 0, log });
});

const later = () => new Promise((done) => setTimeout(done, 5));

async function statuses(times: number, attempt: () => Promise<unknown>, emailOf = (_: number) => 'ann@example.com') {
  const watch = { wrong, throttles: { mail: { take: () => {} } } };
  const one = (n: number) =>
    signInWatched(watch as never, head, { email: emailOf(n), password: `guess-${n}` }, attempt).then(
      () => 200,
      (error: unknown) => asProblem(error)?.status,
    );
  return Promise.all(Array.from({ length: times }, (_, n) => one(n)));
}

describe('passwords that are tried all at once', () => {
  it('are no more than those that are tried one after another', async () => {
    let tried = 0;
    const guess = async () => {
      tried += 1;
      await later();
      throw refusal;
    };
    const answers = await statuses(500, guess);
    expect(tried).toBe(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(490);
    expect(await statuses(1, guess)).toEqual([429]);
  });

  it('of many accounts are bounded for their address', async () => {
    let tried = 0;
    const guess = async () => {
      tried += 1;
      await later();
      throw refusal;
    };
    await statuses(500, guess, (n) => `someone-${n}@example.com`);
    expect(tried).toBe(30);
  });

  it('count no longer when they were right, or nobody could say', async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await statuses(10, later)).toEqual(Array(10).fill(200));
      const unknown = async () => {
        await later();
        throw away;
      };
      expect(await statuses(10, unknown)).toEqual(Array(10).fill(503));
    }
  });

  it('of one account are as many at the door and at its own password together', async () => {
    const [change] = ownPasswordRoutes.filter(({ method }) => method === 'PUT');
    const body = Buffer.from('{"password":"guess","new_password":"another"}');
    const asking = { ...head, received: async () => ({ ...head, header: () => 'application/json', body }) };
    const guess = async () => {
      throw refusal;
    };
    await statuses(10, guess, () => ' Ann ');
    const guard = async () => ({ name: 'operator:Ann', role: 'viewer' });
    const asked = change?.handle(asking as never, { controlPlane: () => ({ guard, wrong }) } as never);
    await expect(asked).rejects.toMatchObject({ status: 429 });
  });
});
