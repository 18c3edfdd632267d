import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openUpstream, type Upstream } from '@/lib/gateway/providers/upstream';

describe('before its answer', () => {
  let pieces: readonly string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).setNoDelay();
    socket.on('data', async () => {
      for (const piece of pieces) await new Promise((done) => socket.write(piece, () => setImmediate(done)));
    });
  });
  let upstream: Upstream;
  const ask = async () => {
    const call = { method: 'GET', path: '/', headers: {}, body: null } as const;
    const said = await upstream.call(call, AbortSignal.timeout(10_000));
    // A connection is free a moment after its answer has ended.
    await new Promise(setImmediate);
    return said;
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    upstream = openUpstream(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await upstream.close();
    server.close();
  });

  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const leave = 'HTTP/1.1 100 Continue\r\n\r\n';

  it.each([
    ['in one piece', [`${leave}${answer}`]],
    ['byte by byte', [...`${leave}HTTP/1.0 103 Early Hints\r\nLink: </a>\r\n\r\n${leave}${answer}`]],
    ['beside each other', [leave, leave, answer]],
    ['not at all', [...answer]],
  ])('a provider may say what it likes, %s, on one connection', async (_, said) => {
    pieces = said;
    expect(await ask()).toMatchObject({ kind: 'answer', status: 200, text: 'ok' });
    pieces = [`${leave}HTTP/1.1 200 OK\r\nContent-Length: ${leave.length * 2}\r\n\r\n`, leave, leave];
    expect(await ask()).toMatchObject({ text: leave + leave });
    expect(sockets.size).toBe(1);
  });

  // What it says after its head must not become the head.
  const within = `HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`;
  it.each([
    ['ends with bare line feeds', [`HTTP/1.1 100 Continue\r\nX-A: b\n\n${within}`]],
    ['ends with bare line feeds, byte by byte', [...`HTTP/1.1 100 Continue\n\r\n${within}`]],
    ['never ends', [`HTTP/1.1 100 Continue\r\nX-A: ${'a'.repeat(17_000)}`]],
    ['makes the connection another', ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n']],
  ])('what %s is no answer', async (_, said) => {
    pieces = said;
    expect(await ask()).toMatchObject({ kind: 'broken', sent: true, status: null });
  });
});
