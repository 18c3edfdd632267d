import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { splitsFile } from '@/lib/gateway/weights/splits-file';
import { SplitsInMemory } from '@/lib/gateway/weights/splits-in-memory';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

it('has settled when the latest of what was written can be read, and nothing is written any more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-file-'));
  const file = splitsFile(join(folder, 'weights.json'), 'here');
  const splits = new SplitsInMemory({ lanes: new Map(), random: () => 0.5, monotonic: () => 0 });
  for (const version of [3, 4, 5]) {
    splits.learn({ ...shippedRegistry, version, faults: [] });
    void file.write(splits);
  }
  await file.settled();
  expect(file.read()?.registry?.version).toBe(5);
  rmSync(folder, { recursive: true });
  await file.settled();
});
