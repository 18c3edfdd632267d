import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startProcess } from '@/test/lab/bench/child-process';

const file = fileURLToPath(new URL('../../lab/bench/gateway/held-images.ts', import.meta.url));

test('an image in a request is in memory twice while its provider works: as it was read, and as it was sent', async () => {
  const child = await startProcess(['--expose-gc', '--import', 'tsx', file]);
  try {
    const held = (await (await fetch(`http://127.0.0.1:${child.port}/`)).json()) as { copies: number };
    expect(held.copies).toBeGreaterThan(1.5);
    expect(held.copies).toBeLessThan(2.5);
  } finally {
    await child.stop();
  }
});
