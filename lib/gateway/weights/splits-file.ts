import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { replaceFile } from '@/lib/kernel/replace-file';
import { parseRegistry, type RegistryReading } from '@/lib/registry/read-registry';
import { firstSplit } from '@/lib/split/split-key';
import type { WeightsRow } from './flags-reader';
import type { SplitsInMemory } from './splits-in-memory';

const row = z.object({ version: z.int(), text: z.string(), stage: z.string().nullable().catch(null) });
const names = z.object({
  baseline: z.string(),
  candidates: z.array(z.string()).min(1),
  room: z.record(z.string(), z.number()).optional(),
});
const kept = z.object({ key: z.string(), names, row: row.nullable() });

interface KeptSplit {
  readonly key: string;
  /** null: the file is of a time when there was one split, and its policy was not kept. */
  readonly names: z.infer<typeof names> | null;
  readonly row: WeightsRow | null;
}

/** What the last run routed by. */
interface Kept {
  readonly registry: RegistryReading | null;
  readonly splits: readonly KeptSplit[];
}

export type SplitsFile = ReturnType<typeof splitsFile>;

/** `database` names the database it came from: what is of another one is not taken over. */
export function splitsFile(path: string, database: string) {
  let writing: Promise<void> | null = null;
  let next: (() => string) | null = null;
  const writeNext = async (): Promise<void> => {
    while (next) {
      const text = next();
      next = null;
      await replaceFile(path, text);
    }
  };
  return {
    /** null when there is no such file, or it cannot be read. */
    read(): Kept | null {
      try {
        const file = JSON.parse(readFileSync(path, 'utf8'));
        return file?.from === database ? keptIn(file) : null;
      } catch {
        return null;
      }
    },
    /** All or nothing, and only the latest: a reader sees the old state or the new one. */
    write(splits: SplitsInMemory): Promise<void> {
      next = () => textOf(splits, database);
      writing ??= writeNext().finally(() => {
        writing = null;
      });
      return writing;
    },
    /** Resolves when the file is on disk: the next process to start reads it. */
    async settled(): Promise<void> {
      await writing?.catch(() => undefined);
    },
  };
}

/** Of a registry, which is many times a split's size and changes seldom. */
const registryTexts = new WeakMap<object, string>();

/** The first split's row stands where it always stood: an earlier build reads that, and nothing else. */
function textOf({ first, all, registry }: SplitsInMemory, from: string): string {
  const splits = [...all.values()].flatMap(({ key, names: who, weights }) => {
    if (who === null) return [];
    return [{ key, names: who, row: weights?.goodRow ?? null }];
  });
  const text = registryTexts.get(registry) ?? JSON.stringify(registry);
  registryTexts.set(registry, text);
  const rest = JSON.stringify({ ...first.weights.goodRow, from, splits });
  return `{"registry":${text},${rest.slice(1)}`;
}

function keptIn(file: Readonly<Record<string, unknown>>): Kept | null {
  const own = row.safeParse({ ...file, stage: file.stage ?? null });
  const first = own.success ? [{ key: firstSplit, names: null, row: own.data }] : [];
  if (!Array.isArray(file.splits)) return own.success ? { registry: null, splits: first } : null;
  const splits = file.splits.flatMap((each) => {
    const read = kept.safeParse(each);
    return read.success ? [read.data] : [];
  });
  return { registry: registryIn(file.registry), splits: splits.length > 0 ? splits : first };
}

function registryIn(document: unknown): RegistryReading | null {
  try {
    return parseRegistry(document);
  } catch {
    return null;
  }
}
