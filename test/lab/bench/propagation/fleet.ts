import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, startProcess } from '../child-process';

const file = fileURLToPath(new URL('./instance.ts', import.meta.url));

/** When an instance began to route by a version: nanoseconds on the machine's monotonic clock, and wall milliseconds. */
export interface Seen {
  readonly atNs: number;
  readonly atMs: number;
}

export interface Fleet {
  /** When each of the instances routed by this version; waits for the last of them. */
  seen(version: number): Promise<readonly Seen[]>;
  /** The next version that all of them route by, whichever it is. */
  next(after: number): Promise<{ readonly version: number; readonly seen: readonly Seen[] }>;
  stop(): Promise<void>;
}

/** Instances as processes of their own, on one database. */
export async function startFleet(size: number, env: Readonly<Record<string, string>>): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const versions = new Map<number, Seen[]>();
  let changed = () => {};
  const started: Started[] = [];
  // Two by two: ten at once would keep each other from starting in time.
  for (let i = 0; i < size; i += 2) {
    const some = Array.from({ length: Math.min(2, size - i) }, (_, j) =>
      startProcess(['--import', 'tsx', file], { SLUICE_DATA_DIR: join(folder, String(i + j)), ...env }),
    );
    started.push(...(await Promise.all(some)));
  }
  for (const { child } of started) {
    readLines(child.stdout, (version, seen) => {
      versions.set(version, [...(versions.get(version) ?? []), seen]);
      changed();
    });
  }
  const next = async (isWanted: (version: number) => boolean) => {
    for (;;) {
      const found = [...versions].find(([version, all]) => isWanted(version) && all.length === size);
      if (found) return { version: found[0], seen: found[1] };
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  };
  return {
    seen: async (wanted) => (await next((version) => version === wanted)).seen,
    next: (after) => next((version) => version > after),
    async stop() {
      await Promise.all(started.map((each) => each.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readLines(stream: NodeJS.ReadableStream | null, tell: (version: number, seen: Seen) => void): void {
  let rest = '';
  stream?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, version, ns, ms] = /^version (\d+) (\d+) (\d+)$/.exec(line) ?? [];
      if (version && ns && ms) tell(Number(version), { atNs: Number(ns), atMs: Number(ms) });
    }
  });
}
