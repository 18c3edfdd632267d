import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startDeadline } from '@/lib/kernel/clock';

const aborted = (deadline: ReturnType<typeof startDeadline>) =>
  new Promise<string>((resolve) => deadline.signal.addEventListener('abort', () => resolve('given up')));

function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('ends what has no answer', async () => {
  const deadline = startDeadline(20);
  expect(await aborted(deadline)).toBe('given up');
  expect(deadline.signal.aborted).toBe(true);
});

it('hears an answer that came while this process was standing still', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[provider]] = (await Promise.all([once(server, 'connection'), once(client, 'connect')])) as [
    [Socket],
    unknown,
  ];
  const deadline = startDeadline(20);
  const answered = once(client, 'data').then(() => {
    deadline.clear();
    return 'answered';
  });
  provider.write('the answer');
  standStill(100);
  expect(await Promise.race([answered, aborted(deadline)])).toBe('answered');
  expect(deadline.signal.aborted).toBe(false);
  client.destroy();
  server.close();
});
