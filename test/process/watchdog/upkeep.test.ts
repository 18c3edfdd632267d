import { expect, it } from 'vitest';
import { startUpkeep } from '@/lib/process/watchdog/upkeep';

function scene() {
  const said: string[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const maintain = () =>
    new Promise<void>((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve()));
    });
  const say = (_: unknown, text?: string) => void said.push(text ?? String(_));
  return { upkeep: startUpkeep(maintain, { warn: say, info: say } as never), ends, said };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('holds nobody up and runs once at a time, however often it is begun', async () => {
  const { upkeep, ends } = scene();
  expect(upkeep.begin()).toBeUndefined();
  upkeep.begin();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await settled();
  upkeep.begin();
  expect(ends).toHaveLength(2);
});

it('says once that it failed, tries again, and says when it works', async () => {
  const { upkeep, ends, said } = scene();
  for (const error of [new Error('no'), new Error('no'), undefined]) {
    upkeep.begin();
    ends.pop()?.(error);
    await settled();
  }
  expect(said).toEqual(['maintenance of the log failed; it is tried again', 'maintenance of the log works again']);
});

it('begins nothing after its stop, and a failure by the stop is not news', async () => {
  const { upkeep, ends, said } = scene();
  upkeep.begin();
  upkeep.stop();
  ends[0]?.(new Error('the connection was closed'));
  await settled();
  upkeep.begin();
  expect(ends).toHaveLength(1);
  expect(said).toEqual([]);
});
