import { expect, test } from 'vitest';
import { HeldBytes, type Place } from '@/lib/gateway/request/held-bytes';
import { startDeadline } from '@/lib/kernel/clock';

const never = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };
const over = { ...never, aborted: true };

/** Everybody who waits, by name, in the order in which they were let in. */
function line(held: HeldBytes) {
  const places = new Map<string, Place>();
  const wait = (name: string, bytes: number) =>
    void held.take(bytes, never).then((place) => place && places.set(name, place));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { places, wait, turn };
}

test('holds no more than it may, and lets the next in when a place is free', async () => {
  const held = new HeldBytes(100);
  const { places, wait, turn } = line(held);
  wait('first', 60);
  wait('exactly', 40);
  wait('one too many', 1);
  await turn();
  expect([...places.keys(), held.held]).toEqual(['first', 'exactly', 100]);
  places.get('exactly')?.free();
  await turn();
  expect([...places.keys()]).toEqual(['first', 'exactly', 'one too many']);
  expect(held.held).toBe(61);
});

test('a place shrinks, never grows, and is given back once', async () => {
  const held = new HeldBytes(100);
  const place = await held.take(70, never);
  place?.keep(20);
  expect(held.held).toBe(20);
  place?.keep(90);
  expect(held.held).toBe(20);
  place?.free();
  place?.free();
  expect(held.held).toBe(0);
});

test('a large answer is not overtaken, and the largest goes alone', async () => {
  const held = new HeldBytes(100);
  const { places, wait, turn } = line(held);
  wait('small', 10);
  wait('larger than everything', 1000);
  wait('late', 10);
  await turn();
  expect([...places.keys()]).toEqual(['small']);
  places.get('small')?.free();
  await turn();
  expect([...places.keys(), held.held]).toEqual(['small', 'larger than everything', 100]);
  places.get('larger than everything')?.free();
  await turn();
  expect([...places.keys(), held.held]).toEqual(['small', 'larger than everything', 'late', 10]);
});

test('who gives up gets none, and stands in nobody’s way', async () => {
  const held = new HeldBytes(100);
  const first = await held.take(50, never);
  expect(await held.take(51, over)).toBeNull();
  const gaveUp = held.take(60, startDeadline(20).signal);
  const behind = held.take(50, never);
  expect(await gaveUp).toBeNull();
  expect(await behind).not.toBeNull();
  expect(held.held).toBe(100);
  first?.free();
  expect(held.held).toBe(50);
});
