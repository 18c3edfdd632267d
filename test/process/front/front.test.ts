import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SlowRequests } from '@/lib/process/front/front';

const head = (more: string) => `POST /a HTTP/1.1\r\nhost: localhost\r\n${more}\r\n\r\n`;
let server: Server;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  server = createServer();
  const slow = new SlowRequests(server);
  server.on('request', (request, response) => {
    slow.watch(request, response);
    if (request.headers['x-answer'] === 'now') response.end('here');
    else if (request.headers['x-answer'] === 'read') request.resume().once('end', () => response.write('read'));
    else response.write('waits');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
});

/** A connection, what it has been told so far, and its next word. */
function caller() {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const seen = { text: '' };
  socket.on('data', (chunk) => {
    seen.text += chunk;
  });
  const told = async (word: string) => {
    while (!seen.text.includes(word)) await once(socket, 'data');
  };
  return { seen, told, send: (text: string) => socket.write(text), ended: once(socket, 'close') };
}

describe('the net under slow requests', () => {
  it.each(['content-length: 9', 'transfer-encoding: chunked'])('ends what does not come: %s', async (length) => {
    const { seen, told, send, ended } = caller();
    send(head(length));
    await told('waits');
    vi.advanceTimersByTime(199_000);
    expect(seen.text).not.toContain('408');
    vi.advanceTimersByTime(6_000);
    await ended;
    expect(seen.text).toContain('HTTP/1.1 408 Request Timeout');
  });

  it('leaves alone what was read, what was answered, and what has no body', async () => {
    const all = [
      { asks: `${head('x-answer: read\r\ncontent-length: 2')}{}`, word: 'read' },
      { asks: `${head('x-answer: now\r\ncontent-length: 2')}{}`, word: 'here' },
      { asks: head('content-length: 0'), word: 'waits' },
    ].map(({ asks, word }) => ({ ...caller(), asks, word }));
    for (const { send, asks } of all) send(asks);
    for (const { told, word } of all) await told(word);
    vi.advanceTimersByTime(400_000);
    expect(await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(3);
  });

  it('looks at the latest of a connection, from its own start', async () => {
    const { told, send, ended } = caller();
    send(`${head('x-answer: now\r\ncontent-length: 2')}{}`);
    await told('here');
    vi.advanceTimersByTime(150_000);
    send(head('content-length: 9'));
    await told('waits');
    vi.advanceTimersByTime(150_000);
    expect(await new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(1);
    vi.advanceTimersByTime(60_000);
    await ended;
  });
});
