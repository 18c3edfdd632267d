import { expect, it } from 'vitest';
import { LastingFault } from '@/lib/kernel/lasting-fault';

it('tells a fault when it begins and when it is over, however often it fails or works', () => {
  const told: string[] = [];
  const fault = new LastingFault(
    (error) => told.push(`begins: ${error}`),
    () => told.push('is over'),
  );
  fault.worked();
  expect([told, fault.lasts]).toEqual([[], false]);
  for (const error of ['first', 'second', 'third']) fault.failed(error);
  expect([told, fault.lasts]).toEqual([['begins: first'], true]);
  fault.worked();
  fault.worked();
  expect([told, fault.lasts]).toEqual([['begins: first', 'is over'], false]);
  fault.failed('again');
  expect(told).toEqual(['begins: first', 'is over', 'begins: again']);
});
