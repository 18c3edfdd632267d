import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { within } from '@/lib/kernel/within';

const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
afterAll(() => void echo.close());

async function answer(): Promise<string> {
  const socket = connect((echo.address() as AddressInfo).port, '127.0.0.1');
  socket.end('asked');
  const [data] = await once(socket, 'data');
  return String(data);
}

function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('a call that must answer in time', () => {
  it('is given up when it does not, and not before', async () => {
    await expect(within(100, new Promise(() => undefined))).rejects.toThrow('no answer within 100 ms');
    expect(await within(100, wait(60, 'in time'))).toBe('in time');
  });

  it('is waited for while this process was standing still itself', async () => {
    const called = within(50, answer());
    standStill(300);
    expect(await called).toBe('asked');
  });

  it('says what the call says', async () => {
    expect(await within(50, Promise.resolve(7))).toBe(7);
    await expect(within(50, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });
});
