import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSpool } from '@/lib/log/spool/spool';
import type { StoredEvent } from '@/lib/log/stored-event';

const event = (n: number): StoredEvent => ({ event_type: 'gen_ok', event_data: { n }, age_ms: 10 });
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

describe('the spool', () => {
  let folder: string;
  let now = 1_000_000;
  const open = (run = 'one', mostBytes = 100_000) =>
    openSpool({ folder, mostBytes, run, now: () => now, monotonic: () => now / 2 });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-spool-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives batches back in order, each under its id', async () => {
    const spool = open();
    await spool.append(id(1), [event(1), event(2)]);
    await spool.append(id(2), [event(3)]);
    expect(spool.depth()).toMatchObject({ events: 3, oldestAgeMs: 0 });
    const first = await spool.oldest();
    expect(first).toMatchObject({ batchId: id(1), events: [{ event_data: { n: 1 } }, { event_data: { n: 2 } }] });
    await spool.remove(first?.name ?? '');
    expect((await spool.oldest())?.batchId).toBe(id(2));
    await spool.remove((await spool.oldest())?.name ?? '');
    expect(await spool.oldest()).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ages what waits: on the monotonic clock in one run, on the wall clock across runs', async () => {
    await open('one').append(id(1), [event(1)]);
    now += 1000;
    expect((await open('one').oldest())?.events[0]?.age_ms).toBe(510);
    expect((await open('two').oldest())?.events[0]?.age_ms).toBe(1010);
  });

  it('ignores a torn last line, and a file without a whole one', async () => {
    await open().append(id(1), [event(1), event(2)]);
    const [file = ''] = readdirSync(folder);
    const whole = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), whole.slice(0, -7));
    expect((await open().oldest())?.events).toHaveLength(1);
    // A line that no store would take must not hold up the good ones.
    writeFileSync(join(folder, file), whole.replace(/"event_data":\{.*?\}/, '"event_data":"{"'));
    expect((await open().oldest())?.events).toHaveLength(1);
    writeFileSync(join(folder, file), '{"run":"o');
    expect(await open().oldest()).toBeNull();
  });

  it('takes up what a killed process was writing', async () => {
    await open().append(id(1), [event(1)]);
    const [file = ''] = readdirSync(folder);
    const draft = join(folder, file.replace(id(1), id(2)).concat('.tmp'));
    writeFileSync(draft, readFileSync(join(folder, file)));
    appendFileSync(draft, '{"event_type":"gen_');
    expect(open().depth().events).toBe(1);
    utimesSync(draft, 0, 0);
    expect(open().depth().events).toBe(2);
  });

  it('makes its folder again when someone deleted it', async () => {
    const spool = open();
    await spool.append(id(1), [event(1)]);
    rmSync(folder, { recursive: true });
    await spool.append(id(2), [event(2)]);
    expect(await spool.oldest()).toMatchObject({ batchId: id(2), events: [{ event_data: { n: 2 } }] });
    expect(spool.depth().events).toBe(1);
  });

  it('holds no more than it may', async () => {
    const spool = open('one', 300);
    await spool.append(id(1), [event(1)]);
    await spool.append(id(2), [event(2)]);
    await expect(spool.append(id(3), [event(3)])).rejects.toThrow('it may hold 300 bytes');
    expect(await spool.dropOldest()).toBe(1);
    await spool.append(id(3), [event(3)]);
    expect((await spool.oldest())?.batchId).toBe(id(2));
  });
});
