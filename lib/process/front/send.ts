import type { ServerResponse } from 'node:http';
import { stalledMs } from '@/lib/http/body/held-body';
import { closedPolicy, everywhere, strictTransport } from '@/lib/http/defence/security-headers';
import type { Outgoing } from '@/lib/http/message';
import { isHttps } from './front-incoming';

/** How long a caller may go on sending what nobody reads, so that it gets to read its answer. */
const lingerMs = 1_000;

const always = [...everywhere, ['content-security-policy', closedPolicy] as const].flat();
const overHttps = [...always, ...strictTransport];

/** Writes an answer in one piece; streams are Next's business. */
export function send(response: ServerResponse, method: string | undefined, outgoing: Outgoing): void {
  const { status, headers, body, release } = outgoing;
  if (release) releaseWhenOver(response, release);
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : '';
  const length = typeof text === 'string' ? Buffer.byteLength(text) : text.length;
  const more = ['content-length', String(length), ...(isHttps(response.req) ? overHttps : always)];
  for (const name in headers) more.push(name, headers[name] as string);
  const content = method === 'HEAD' ? '' : text;
  if (response.req.complete) {
    response.writeHead(status, more);
    response.end(content);
  } else {
    // What was not read of the request stands in the connection's way.
    response.writeHead(status, [...more, 'connection', 'close']);
    linger(response, content);
  }
}

/** Also for a caller that has hung up before its answer was there, or that takes none of it any more. */
function releaseWhenOver(response: ServerResponse, release: () => void): void {
  const { socket } = response.req;
  const over = () => {
    socket.off('close', over);
    release();
  };
  // An answer that waits behind others on its connection hears nothing of that connection's end.
  socket.once('close', over);
  response.once('close', over);
  response.setTimeout(stalledMs, () => response.destroy());
  if (socket.destroyed || response.destroyed) over();
}

/** Closing on a caller that is still sending would reset the connection, and take the answer with it. */
function linger(response: ServerResponse, content: string | Uint8Array): void {
  if (content.length === 0) response.flushHeaders();
  else response.write(content);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs);
  response.req.once('end', end).once('close', end).resume();
}
