import { expect } from 'vitest';
import type { Provider } from '@/lib/gateway/providers/provider';
import { Lane } from '@/lib/gateway/request/lane';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';
import { type TestDatabase, testDatabase } from '@/test/support/database';
import { startTcpProxy, type TcpProxy } from '@/test/support/tcp-proxy';
import { addSplit } from '../gateway/splits/add-split';
import { type OrderVendor, orderProvider, orderVendor } from './order-vendor';

export interface JobWorld {
  readonly database: TestDatabase;
  /** Between the web process and its database. */
  readonly store: TcpProxy;
  readonly plane: TestDataPlane;
  readonly old: OrderVendor;
  readonly fresh: OrderVendor;
  order(body?: object, headers?: Record<string, string>): Promise<Response>;
  ask(path: string, init?: RequestInit): Promise<Response>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const key = 'FILM_WEIGHTS';

/**
 * A web process with a split of jobs: arm `old` at one vendor, `new` at another. `first`: what is written to the registry
 * before that process reads it, which with each newer reading calls its providers where the registry says they are.
 */
export async function jobWorld(
  weights: Readonly<Record<string, number>> = { old: 1, new: 0 },
  env: Readonly<Record<string, string>> = {},
  first: (sql: TestDatabase['sql']) => PromiseLike<unknown> = async () => undefined,
): Promise<JobWorld> {
  const database = await testDatabase();
  const { port, hostname } = new URL(database.url);
  const store = await startTcpProxy({ port: Number(port), host: hostname });
  const url = new URL(database.url);
  url.port = String(store.port);
  url.hostname = '127.0.0.1';
  await addSplit(database.sql, { key, slug: 'film', kind: 'job', weights });
  await first(database.sql);
  const [old, fresh] = [await orderVendor(), await orderVendor()];
  const open = async (folder?: string): Promise<TestDataPlane> => {
    const plane = await testDataPlane({ env: { DATABASE_URL: url.href, ...env }, ...(folder ? { folder } : {}) });
    const { dataPlane } = plane.runtime;
    await expect.poll(() => dataPlane.splits.all.get(key)?.routing?.source).toBe('store');
    use(plane, 'fal', orderProvider('fal', old.url), old.url);
    use(plane, 'runware', orderProvider('runware', fresh.url), fresh.url);
    dataPlane.splits.refit();
    return plane;
  };
  let plane = await open();
  return {
    ...{ database, store, old, fresh },
    get plane() {
      return plane;
    },
    order: (body = {}, headers = {}) =>
      plane.post('/api/jobs', { prompt: 'a lock', model: 'flux-schnell', split: 'film', ...body }, headers),
    ask: (path, init) => fetch(plane.url + path, init),
    async restart() {
      const { folder } = plane;
      await plane.close({ keepFolder: true });
      plane = await open(folder);
    },
    async close() {
      await plane.close();
      await Promise.all([old.close(), fresh.close(), store.close()]);
      await database.close();
    },
  };
}

function use(plane: TestDataPlane, name: string, provider: Provider, baseUrl: string): void {
  const lanes = plane.runtime.dataPlane.lanes as Map<string, Lane>;
  const origin = { adapter: name, keyVersion: 0, baseUrl };
  lanes.set(name, new Lane(provider, { threshold: 5, coolMs: 5000 }, 300, origin));
}
