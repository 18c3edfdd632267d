import type { Server } from 'node:http';
import { pathToFileURL } from 'node:url';
import { runtime } from '@/lib/process/web';
import { type Sandbox, startSandbox } from '@/scripts/sandbox/start';
import { adminToken, type Call, type TestApi, testApi } from '../support/api';
import { type AppRoute, appRoutes, startAppFront } from '../support/app-front';

/** `front`: over a socket, through the node:http front. `next`: the route file's own export, as Next calls it. */
export type DoorName = 'front' | 'next';
export const doors: readonly DoorName[] = ['front', 'next'];

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface World {
  readonly api: TestApi;
  readonly sandbox: Sandbox;
  send(door: DoorName, call: Call): Promise<Said>;
  /** Everything that a refused input must leave as it was. */
  state(): Promise<unknown>;
  close(): Promise<void>;
}

/** One process with both doors, its database and both sandbox providers. */
export async function openWorld(env: Readonly<Record<string, string>> = {}): Promise<World> {
  const sandbox = await startSandbox({ seed: 7 });
  for (const name of ['fal', 'runware'] as const) sandbox.control(name, { latencyMs: 0 });
  const api = await testApi({
    FAL_KEY: sandbox.falKey,
    FAL_BASE_URL: sandbox.falUrl,
    RUNWARE_API_KEY: sandbox.runwareKey,
    RUNWARE_BASE_URL: sandbox.runwareUrl,
    SLUICE_RATE_SIGN_IN: '0',
    ...env,
  });
  const front = await startAppFront();
  const routes = appRoutes().sort((a, b) => Number(a.path.includes('[')) - Number(b.path.includes('[')));
  return {
    api,
    sandbox,
    send: (door, call) => (door === 'front' ? overSocket(front.url, call) : throughRoute(api, routes, call)),
    state: () => stateOf(api, sandbox),
    async close() {
      await closed(front.server);
      await api.close();
      await sandbox.close();
    },
  };
}

async function throughRoute(api: TestApi, routes: readonly AppRoute[], call: Call): Promise<Said> {
  const path = call.path.split('?')[0] ?? '';
  const found = routes.find(({ pattern }) => pattern.test(path));
  if (!found) throw new Error(`${path} has no route file`);
  return said(await api.request(await import(pathToFileURL(found.file).href), call));
}

async function overSocket(url: string, { method = 'GET', version, signedIn = true, ...call }: Call): Promise<Said> {
  const headers = new Headers();
  if (signedIn) headers.set('authorization', `Bearer ${adminToken}`);
  if (method !== 'GET') headers.set('content-type', 'application/json');
  if (version !== undefined && version !== null)
    headers.set('if-match', typeof version === 'number' ? `"${version}"` : version);
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  return said(await fetch(url + call.path, { method, headers, ...(body === undefined ? {} : { body }) }));
}

async function said(answer: Response): Promise<Said> {
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : {} };
}

async function stateOf({ rollout: { sql } }: TestApi, sandbox: Sandbox): Promise<unknown> {
  const { events } = runtime().dataPlane;
  await events.flush();
  const flags = await sql`select flag_key, flag_value_text, version, stage, paused_at from feature_flags order by 1`;
  const [counts] = await sql`
    select (select count(*) from sluice.journal) as journal, (select count(*) from sluice.alert_channels) as channels,
      (select count(*) from sluice.operators) as operators, (select count(*) from sluice.sessions) as sessions,
      (select count(*) from sluice.idempotency) as keys, (select count(*) from sluice.vouchers) as vouchers,
      (select count(*) from analytics_logs) as events, (select count(*) from sluice.ticks) as ticks`;
  const called = (['fal', 'runware'] as const).map((name) => sandbox.counters(name).inference ?? 0);
  return { flags, counts, called, recorded: events.stored + events.depth() };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
