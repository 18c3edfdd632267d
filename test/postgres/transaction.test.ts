import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { queryWithin } from '@/lib/postgres/transaction';

function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('gives up what has no answer, and says what it was', async () => {
  const never = queryWithin(20, new Promise(() => undefined), 'reading nothing');
  await expect(never).rejects.toThrow('the database did not answer within 20 ms (reading nothing)');
});

it('hears an answer that came while this process was standing still', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[store]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [[Socket], unknown];
  const read = once(client, 'data').then(String);
  const asked = queryWithin(20, read, 'reading');
  store.write('the answer');
  standStill(100);
  expect(await asked).toBe('the answer');
  client.destroy();
  server.close();
});
