import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Served } from '@/lib/gateway/providers/sandbox/vendor';

const dripMs = 200;
const page = '<!doctype html><title>Bad gateway</title><h1>Please try again later</h1>';

/** Sends a reply the way its draw says: late, slowly, half, as HTML, or not at all. */
export async function send({ reply, draw }: Served, response: ServerResponse, socket: Socket): Promise<void> {
  const body = reply.body === undefined ? '' : JSON.stringify(reply.body);
  const headers = { 'content-type': 'application/json', ...reply.headers };
  const wire = draw?.wire ?? 'plain';
  if (wire === 'hang') return;
  if (draw && draw.delayMs >= 1) await sleep(draw.delayMs, undefined, { ref: false });
  if (response.destroyed) return;
  if (wire === 'reset') {
    socket.resetAndDestroy();
  } else if (wire === 'html') {
    sendNow(response, 200, { 'content-type': 'text/html' }, page);
  } else if (wire === 'truncate') {
    response.writeHead(reply.status, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.write(body.slice(0, body.length / 2), () => socket.destroy());
  } else if (wire === 'drip') {
    response.writeHead(reply.status, { ...headers, 'content-length': Buffer.byteLength(body) });
    await drip(response, body);
  } else {
    sendNow(response, reply.status, headers, body);
  }
}

export function sendNow(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

async function drip(response: ServerResponse, body: string): Promise<void> {
  for (const byte of Buffer.from(body)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await sleep(dripMs, undefined, { ref: false });
  }
  response.end();
}
