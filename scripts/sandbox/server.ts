import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { seededChance } from '@/lib/gateway/providers/sandbox/chance';
import { draw } from '@/lib/gateway/providers/sandbox/draw';
import { changeFaults, type FaultChange, healthy } from '@/lib/gateway/providers/sandbox/faults';
import { drawPicture, readPictureUrl } from '@/lib/gateway/providers/sandbox/picture';
import type { SandboxRequest, Served, Vendor, World } from '@/lib/gateway/providers/sandbox/vendor';
import { type Controlled, controlReply } from './control';
import { send, sendNow } from './wire';

const longestBody = 1024 * 1024;

interface VendorServer {
  readonly url: string;
  readonly key: string;
  control(change: FaultChange): void;
  restore(): void;
  counters(): Readonly<Record<string, number>>;
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
  const request = await read(message, url);
  if (url.pathname === '/__sandbox') {
    const reply = controlReply(request, message.headers['content-type'], state);
    return sendNow(response, reply.status, { 'content-type': 'application/json' }, JSON.stringify(reply.body));
  }
  const served = state.vendor.serve(request, world);
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
  return {
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    host: message.headers.host ?? '',
    authorization: message.headers.authorization ?? '',
    body: parse(Buffer.concat(chunks).toString('utf8')),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
