import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function echoBehindProxy(): Promise<TcpProxy> {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy = await startTcpProxy({ port: (server.address() as AddressInfo).port });
  cleanups.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => proxy.close(),
  );
  return proxy;
}

async function dial(proxy: TcpProxy) {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  cleanups.push(() => socket.destroy());
  return socket;
}

describe('the proxy', () => {
  it('passes bytes both ways', async () => {
    const socket = await dial(await echoBehindProxy());
    socket.write('hello');
    expect(String((await once(socket, 'data'))[0])).toBe('hello');
  });

  it('swallows the bytes of an open connection and lets a new one pass', async () => {
    const proxy = await echoBehindProxy();
    const frozen = await dial(proxy);
    frozen.write('a');
    await once(frozen, 'data');
    proxy.freezeOpen();
    const heard: string[] = [];
    frozen.on('data', (chunk) => heard.push(String(chunk)));
    frozen.write('lost');
    const fresh = await dial(proxy);
    fresh.write('new');
    expect(String((await once(fresh, 'data'))[0])).toBe('new');
    expect(heard).toEqual([]);
  });

  it('resets open connections', async () => {
    const proxy = await echoBehindProxy();
    const socket = await dial(proxy);
    socket.write('a');
    await once(socket, 'data');
    const fault = new Promise((resolve) => socket.once('error', resolve));
    proxy.reset();
    expect(await fault).toMatchObject({ code: 'ECONNRESET' });
  });
});
