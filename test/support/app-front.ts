import { readdirSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { env } from '@/lib/config/env';
import type { NextRoute } from '@/lib/doors/next-door';
import { allowedHosts } from '@/lib/http/defence/addresses';
import { createFront } from '@/lib/process/front/front';
import { runtime } from '@/lib/process/web';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface AppRoute {
  /** As the table of routes writes it: `/api/journal/{id}`. */
  readonly path: string;
  readonly file: string;
  readonly pattern: RegExp;
}

/** Every app/**\/route.ts, the way Next would find it. */
export function appRoutes(folder = join(root, 'app')): AppRoute[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return appRoutes(full);
    return /^route\.tsx?$/.test(entry.name) ? [routeOf(full)] : [];
  });
}

function routeOf(file: string): AppRoute {
  const parts = relative(join(root, 'app'), file).split('/').slice(0, -1);
  const shown = parts.filter((part) => !/^\(.*\)$/.test(part));
  const path = `/${shown.map((part) => part.replace(/^\[(\w+)\]$/, '{$1}')).join('/')}`;
  const source = shown.map(patternOf).join('');
  return { path, file, pattern: new RegExp(`^${source}$`) };
}

function patternOf(part: string): string {
  if (part.startsWith('[[...')) return '(?:/.*)?';
  if (part.startsWith('[...')) return '/.+';
  return part.startsWith('[') ? '/[^/]+' : `/${part.replaceAll('.', '\\.')}`;
}

/** The real front and the real handlers, in this process; only Next's router between them is played. */
export async function startAppFront(): Promise<{ url: string; server: Server; close(): Promise<void> }> {
  const { entries, log, firstRead, stop } = runtime();
  const routes = appRoutes().sort((a, b) => Number(a.path.includes('[')) - Number(b.path.includes('[')));
  const next = (request: IncomingMessage, response: ServerResponse) => dispatch(routes, request, response);
  const options = {
    entries,
    allowed: allowedHosts(env()),
    log,
    trustedHops: env().SLUICE_TRUST_PROXY,
    next,
    nextLimitBytes: 16 * 1024,
  };
  const server = createFront(options);
  await firstRead;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await stop();
  };
  return { url, server, close };
}

async function dispatch(
  routes: readonly AppRoute[],
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host}`);
  const found = routes.find(({ pattern }) => pattern.test(url.pathname));
  if (!found) return void response.writeHead(404).end('a page');
  const module = (await import(pathToFileURL(found.file).href)) as NextRoute;
  const method = (incoming.method ?? 'GET') as keyof NextRoute;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers.set(name, String(value));
  const body = hasBody ? (Readable.toWeb(incoming) as unknown as ReadableStream) : null;
  const answer = await module[method](new Request(url, { method, headers, body, duplex: 'half' } as RequestInit));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) return void response.end();
  const stream = Readable.fromWeb(answer.body as never);
  response.on('close', () => stream.destroy());
  stream.on('error', () => response.destroy());
  stream.pipe(response);
}
