import { connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '@/lib/doors/control/routes';
import type { Description } from '@/lib/doors/route';
import { type TestApi, testApi } from '@/test/support/api';
import { appRoutes, startAppFront } from '@/test/support/app-front';

let api: TestApi;
let front: Awaited<ReturnType<typeof startAppFront>>;
beforeAll(async () => {
  api = await testApi();
  front = await startAppFront();
});
afterAll(async () => {
  front.server.closeAllConnections();
  await new Promise((done) => front.server.close(done));
  await api.close();
});

// Who signs in says so in the body; everybody else is known by the headers.
const guarded: ReadonlySet<string> = new Set(['viewer', 'operator', 'admin', 'cron']);
const writes = routes.filter(({ method, access }) => method !== 'GET' && guarded.has(access));
const pathOf = ({ path }: Description) => path.replace(/\{\w+\}/, '1');

/** Announces a body, sends none, and waits for what is said. */
function announceAt(url: string, { method }: Description, path: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n`,
  );
  return new Promise((resolve, reject) => {
    socket.once('data', (chunk) => {
      resolve(String(chunk));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

describe('a body that never comes, from nobody', () => {
  it('is announced to every route that is written to', () => {
    const withBody = writes.filter(({ body }) => body !== undefined).map(({ path }) => path);
    expect(withBody).toEqual(expect.arrayContaining(['/api/rollout/rollback', '/api/policy', '/api/operators']));
    expect(withBody.length).toBeGreaterThan(10);
  });

  it.each(writes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'is not waited for at the front: %s',
    async (_, route) => {
      expect(await announceAt(front.url, route, pathOf(route))).toMatch(/^HTTP\/1.1 401 /);
    },
  );

  it.each(writes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'is not read by the route file: %s',
    async (_, route) => {
      const file = appRoutes().find(({ pattern }) => pattern.test(pathOf(route)))?.file ?? '';
      let pulls = 0;
      const never = new ReadableStream<Uint8Array>(
        {
          pull: () => {
            pulls += 1;
          },
        },
        { highWaterMark: 0 },
      );
      const raw = never as unknown as BodyInit;
      const call = { method: route.method, path: pathOf(route), raw, signedIn: false };
      expect((await api.request(await import(pathToFileURL(file).href), call)).status).toBe(401);
      expect(pulls).toBe(0);
    },
  );
});
