import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { drain, followSockets } from '@/lib/process/front/drain';

it('does not wait for a connection that never asked anything', async () => {
  const server = createServer((_, response) => void response.end('x'));
  const sockets = followSockets(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  silent.on('error', () => undefined);
  await new Promise((done) => silent.once('connect', done));
  // Both are there, and one of them has had its answer and is kept alive.
  expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('x');
  const startedAt = performance.now();
  await drain(server, { withinMs: 20_000, graceMs: 200, sockets });
  expect(performance.now() - startedAt).toBeLessThan(5000);
  silent.destroy();
});

it('does not cut a call whose caller has hung up while there is time', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  let isRunning = true;
  setTimeout(() => {
    isRunning = false;
  }, 500);
  let wasRunning: boolean | null = null;
  const cut = () => {
    wasRunning = isRunning;
  };
  await drain(server, { withinMs: 20_000, isCalling: () => isRunning, cut });
  expect(wasRunning).toBe(false);
});

it('cuts a call that goes on when the time is up', async () => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  let cuts = 0;
  const cut = () => {
    cuts += 1;
  };
  await drain(server, { withinMs: 300, isCalling: () => true, cut });
  expect(cuts).toBe(1);
});
