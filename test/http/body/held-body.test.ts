import { expect, test } from 'vitest';
import { heldBody } from '@/lib/http/body/held-body';

const body = Buffer.alloc(150 * 1024, 'a body of three pieces ');

function given(stillMs?: number) {
  const seen = { released: 0 };
  const release = () => {
    seen.released += 1;
  };
  const stream = heldBody(body, release, stillMs);
  return { seen, stream };
}

test('is given whole, and let go of once it is read', async () => {
  const { seen, stream } = given();
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    expect(seen.released).toBe(0);
    pieces.push(next.value);
  }
  expect(seen.released).toBe(1);
  expect(Buffer.concat(pieces).equals(body)).toBe(true);
  expect(pieces.every(({ buffer }) => buffer.byteLength <= 64 * 1024)).toBe(true);
});

test('is let go of by a reader that gives up', async () => {
  const { seen, stream } = given();
  await stream.cancel();
  expect(seen.released).toBe(1);
});

test('is taken from a reader that stands still', async () => {
  const { seen, stream } = given(20);
  const reader = stream.getReader();
  await reader.read();
  await expect.poll(() => seen.released).toBe(1);
  await expect(reader.read()).rejects.toThrow('nobody read on for 20 ms');
});
