import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { current, type FuzzRequest } from './http-request';

export interface FuzzAnswer {
  readonly status: number;
  readonly type: string;
  readonly etag: string | null;
  readonly text: string;
  readonly ms: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends what was made up, byte for byte; of a stream only the head is waited for. */
export function send(url: string, made: FuzzRequest, version: string): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(url);
  const headers = Object.fromEntries(
    Object.entries(made.headers).map(([name, value]) => [name, value === current ? version : value]),
  );
  if (made.body) headers['content-length'] = String(made.body.length);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      { agent, maxHeaderSize: 65_536, hostname, port, method: made.method, path: made.target, headers },
      (response) => {
        const chunks: Buffer[] = [];
        const type = response.headers['content-type'] ?? '';
        const done = () => {
          const text = Buffer.concat(chunks).toString();
          const etag = response.headers.etag ?? null;
          resolve({ status: response.statusCode ?? 0, type, etag, text, ms: performance.now() - began });
        };
        response.on('error', done);
        if (type.startsWith('text/event-stream')) {
          done();
          response.destroy();
          return;
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', done);
      },
    );
    sent.on('error', reject);
    sent.setTimeout(30_000, () => sent.destroy(new Error(`${made.method} ${made.target} was not answered in 30 s`)));
    sent.end(made.body ?? undefined);
  });
}

/** Bytes on a bare socket, its writing end then closed; all that came back before the peer closed too. */
export function sendBytes(url: string, bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true }, () => socket.end(bytes));
    const end = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString('latin1'));
    };
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (/\r\ncontent-type: text\/event-stream/i.test(chunk.toString('latin1'))) end();
    });
    socket.on('end', end);
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? end() : reject(error),
    );
    socket.setTimeout(30_000, () => socket.destroy(new Error('The socket was not closed in 30 s.')));
  });
}
