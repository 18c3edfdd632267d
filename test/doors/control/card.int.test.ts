import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import * as card from '@/app/(dashboard)/s/[slug]/card.png/route';
import * as api from '@/app/api/[[...rest]]/route';
import { cardToken } from '@/lib/control/cards/card-token';
import { inTurn } from '@/lib/doors/control/card/in-turn';
import { type TestApi, testApi } from '../../support/api';
import { addSplit } from '../../support/splits';

const gen = 'GEN_PROVIDER_WEIGHTS';
let app: TestApi;
let path: string;
beforeAll(async () => {
  app = await testApi();
  await addSplit(app.rollout.sql, { key: 'CLIP_PROVIDER_WEIGHTS', slug: 'clip', arms: { old: 'fal', new: 'runware' } });
  const made = await app.call(api, { method: 'POST', path: '/api/splits/gen/card-links', body: { days: 1 } });
  expect(made.status).toBe(201);
  path = String(made.body.path);
  expect(Date.parse(String(made.body.ends_at)) - Date.now()).toBeLessThanOrEqual(86_400_000);
});
afterAll(() => app.close());

const stranger = (at: string) => app.call(card, { path: at, signedIn: false });
const secretNow = async () =>
  (await app.rollout.sql<{ secret: Uint8Array }[]>`select secret from sluice.card_secret`)[0]?.secret ??
  new Uint8Array();

it('is drawn for whoever has the link, by nothing but what is here', async () => {
  const asked = vi.spyOn(globalThis, 'fetch');
  const response = await app.request(card, { path, signedIn: false });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  const png = Buffer.from(await response.arrayBuffer());
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
  // The renderer loads its own parts by fetch, from what it carries itself.
  expect(asked.mock.calls.filter(([address]) => !String(address).startsWith('data:'))).toEqual([]);
  asked.mockRestore();
  // By a thread of its own: the renderer was never loaded by this one, which passes requests on.
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  expect(
    loaded.filter((file) => /next[\\/](?:og|dist[\\/](?:server[\\/]og|compiled[\\/]@vercel[\\/]og))/.test(file)),
  ).toEqual([]);
});

it('refuses everybody else before it says anything, also whether there is such a split', async () => {
  const token = new URLSearchParams(path.split('?')[1]).get('token') ?? '';
  const ended = cardToken(await secretNow(), gen, Date.now() - 1000);
  const wrong = [
    ['/s/gen/card.png', 'it has no token'],
    [`/s/gen/card.png?token=${token}x`, 'it is not of this split'],
    [`/s/gen/card.png?token=${token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))}`, 'it is not of this split'],
    [`/s/clip/card.png?token=${token}`, 'it is not of this split'],
    [`/s/nowhere/card.png?token=${token}`, 'it is not of this split'],
    [`/s/gen/card.png?token=${ended}`, 'its time is over'],
  ] as const;
  for (const [at, why] of wrong) {
    const said = await stranger(at);
    expect([at, said.status, said.body.code]).toEqual([at, 401, 'card-refused']);
    expect(said.text).toContain(why);
  }
  for (const body of [{ days: 0 }, { days: 31 }, { days: '7' }]) {
    const said = await app.call(api, { method: 'POST', path: '/api/splits/gen/card-links', body });
    expect([body, said.status]).toEqual([body, 422]);
    expect(said.text).toContain('must be whole days from 1 to 30');
  }
});

it('is drawn one at a time, and not for more than can wait', async () => {
  let running = 0;
  const draws = Array.from({ length: 12 }, () =>
    inTurn(async () => {
      running += 1;
      await new Promise((resolve) => setImmediate(resolve));
      const seen = running;
      running -= 1;
      return seen;
    }).catch((problem) => problem.code as string),
  );
  expect(await Promise.all(draws)).toEqual([...Array(9).fill(1), ...Array(3).fill('card-busy')]);
});

it('ends every link with the secret, and says how to make links again once that is gone', async () => {
  const { sql } = app.rollout;
  await sql`update sluice.card_secret set secret = sha256('another')`;
  expect((await stranger(path)).status).toBe(401);
  await sql`delete from sluice.card_secret`;
  expect((await stranger(path)).status).toBe(401);
  const said = await app.call(api, { method: 'POST', path: '/api/splits/gen/card-links', body: {} });
  expect([said.status, said.body.code]).toEqual([409, 'card-secret-missing']);
  expect(said.text).toContain('insert into sluice.card_secret');
});
