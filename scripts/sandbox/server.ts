import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { seededChance } from '@/lib/gateway/providers/sandbox/chance';
import { draw } from '@/lib/gateway/providers/sandbox/draw';
import { changeFaults, type FaultChange, healthy } from '@/lib/gateway/providers/sandbox/faults';
import type { SandboxJob } from '@/lib/gateway/providers/sandbox/jobs/job-book';
import { makeVideo, readVideoUrl } from '@/lib/gateway/providers/sandbox/jobs/video';
import { drawPicture, readPictureUrl } from '@/lib/gateway/providers/sandbox/picture';
import { readSandboxBody } from '@/lib/gateway/providers/sandbox/request-body';
import type { SandboxRequest, Served, Vendor, World } from '@/lib/gateway/providers/sandbox/vendor';
import { type Controlled, controlReply } from './control';
import { sendFile } from './file';
import { send, sendNow } from './wire';

const longestBody = 64 * 1024 * 1024;

export interface VendorServer {
  readonly url: string;
  readonly key: string;
  control(change: FaultChange): void;
  restore(): void;
  counters(): Readonly<Record<string, number>>;
  /** Of the last inference that came in. */
  lastBody(): unknown;
  lastHeaders(): Readonly<Record<string, unknown>>;
  /** What it has taken on. */
  jobs(): readonly SandboxJob[];
  close(): Promise<void>;
}

/** One vendor as a real HTTP server on loopback. */
export async function serveVendor(vendor: Vendor, port: number, key: string, seed: number): Promise<VendorServer> {
  const chance = seededChance(seed);
  const state: Controlled = { vendor, faults: healthy(vendor.usualCost), counters: { requests: 0 } };
  let origin = '';
  const world: World = {
    get origin() {
      return origin;
    },
    key,
    get faults() {
      return state.faults;
    },
    draw: () => draw(state.faults, chance),
    now: () => performance.now(),
  };
  const server = createServer((message, response) => {
    void answer(message, response, state, world).catch(() => response.destroy());
  });
  origin = `http://127.0.0.1:${await listen(server, port)}`;
  return {
    url: origin,
    key,
    control: (change) => {
      state.faults = changeFaults(state.faults, change);
    },
    restore: () => {
      state.faults = healthy(vendor.usualCost);
    },
    counters: () => ({ ...state.counters }),
    lastBody: () => state.lastBody,
    lastHeaders: () => state.lastHeaders ?? {},
    jobs: () => vendor.jobs?.(world) ?? [],
    close: () => shut(server),
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  state: Controlled,
  world: World,
): Promise<void> {
  const url = new URL(message.url ?? '/', world.origin);
  const picture = message.method === 'GET' ? readPictureUrl(url) : null;
  if (picture) {
    const headers = {
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
    };
    return sendNow(response, 200, headers, drawPicture(picture));
  }
  const video = message.method === 'GET' || message.method === 'HEAD' ? readVideoUrl(url) : null;
  if (video) return sendFile(message, response, 'video/mp4', makeVideo(video));
  const request = await read(message, url);
  if (url.pathname === '/__sandbox/jobs') {
    const body = JSON.stringify({ jobs: state.vendor.jobs?.(world) ?? [] });
    return sendNow(response, 200, { 'content-type': 'application/json' }, body);
  }
  if (url.pathname === '/__sandbox') {
    const reply = controlReply(request, message.headers['content-type'], state);
    return sendNow(response, reply.status, { 'content-type': 'application/json' }, JSON.stringify(reply.body));
  }
  const served = state.vendor.serve(request, world);
  if (served.kind === 'inference') Object.assign(state, { lastBody: request.body, lastHeaders: message.headers });
  count(state.counters, served);
  await send(served, response, message.socket as Socket);
}

function count(counters: Record<string, number>, { kind, reply, draw: drawn }: Served): void {
  const outcome = !drawn || drawn.wire === 'plain' || drawn.wire === 'drip' ? `status_${reply.status}` : drawn.wire;
  for (const name of ['requests', kind, `${kind}_${outcome}`]) counters[name] = (counters[name] ?? 0) + 1;
}

async function read(message: IncomingMessage, url: URL): Promise<SandboxRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > longestBody) throw new Error(`the body is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    host: message.headers.host ?? '',
    authorization: message.headers.authorization ?? '',
    body: await readSandboxBody(message.headers['content-type'], bytes),
    ...{ headers: message.headers, bytes },
  };
}
