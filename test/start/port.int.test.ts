import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { localUrl } from '@/scripts/start/local-url';
import { holdPort } from '@/scripts/start/port';

test('any port is a real one at once, and answers that it is starting', async () => {
  const held = await holdPort(0, '127.0.0.1');
  expect(held.port).toBeGreaterThan(0);
  const answer = await fetch(localUrl('127.0.0.1', held.port));
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  await held.release();
  await expect(fetch(localUrl('127.0.0.1', held.port))).rejects.toThrow();
});

test('of two that want one port at one instant one gets it, and the other hears who has it', async () => {
  const free = await holdPort(0, '127.0.0.1');
  await free.release();
  const both = await Promise.allSettled([holdPort(free.port, '127.0.0.1'), holdPort(free.port, '127.0.0.1')]);
  const lost = both.filter((each) => each.status === 'rejected').map(({ reason }) => String(reason));
  expect(lost).toHaveLength(1);
  expect(lost[0]).toContain(`Sluice already runs at http://127.0.0.1:${free.port}`);
  for (const each of both) if (each.status === 'fulfilled') await each.value.release();
});

test('a stranger on the port is called one', async () => {
  const stranger = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const { port } = stranger.address() as AddressInfo;
  await expect(holdPort(port, '127.0.0.1')).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken by another program.`);
  stranger.close();
});

test('an address of nobody is said', async () => {
  await expect(holdPort(0, '203.0.113.9')).rejects.toThrow('HOST=203.0.113.9 is not an address of this machine.');
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

test.skipIf(!hasIpv6).each(['::1', '::'])('%s is an address like any other', async (host) => {
  const held = await holdPort(0, host);
  expect((await fetch(localUrl(host, held.port))).status).toBe(503);
  await held.release();
});

test.each([
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['0.0.0.0', 'http://127.0.0.1:3000'],
  ['::', 'http://127.0.0.1:3000'],
  ['::1', 'http://[::1]:3000'],
  ['sluice.internal', 'http://sluice.internal:3000'],
])('%s is reached at %s', (host, url) => expect(localUrl(host, 3000)).toBe(url));
