import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { scopes } from '@/lib/api/scopes';
import { replaceFile } from '@/lib/kernel/replace-file';

const granted = z.array(z.string()).transform((names) => scopes.filter((scope) => names.includes(scope)));

const sealedKey = z.object({
  provider: z.string(),
  version: z.number(),
  sealed: z.string(),
  sealedWith: z.string(),
});
const caller = z.object({
  name: z.string(),
  /** A later build's scopes are none of ours. */
  scopes: granted,
  /** Left out by an earlier build. */
  prefixes: z.array(z.string()).default([]),
  models: z.array(z.string()).default([]),
  ratePerMinute: z.number().nullable(),
  keys: z.array(z.object({ digest: z.string().regex(/^[\da-f]{64}$/), expiresAtMs: z.number().nullable() })),
});
export const storedAccess = z.object({ version: z.number(), keys: z.array(sealedKey), callers: z.array(caller) });

/** The providers' keys, sealed, and the callers, by the digests of their keys. */
export type StoredAccess = Readonly<z.output<typeof storedAccess>>;

export type AccessFile = ReturnType<typeof accessFile>;

/** What the store said last, for a start without it. `database` names whose it is: another's is not taken over. */
export function accessFile(path: string, database: string) {
  let last: Promise<void> = Promise.resolve();
  return {
    read(): StoredAccess | null {
      try {
        const { from, ...kept } = JSON.parse(readFileSync(path, 'utf8'));
        return from === database ? storedAccess.parse(kept) : null;
      } catch {
        return null;
      }
    },
    write(known: StoredAccess): Promise<void> {
      last = last.catch(() => undefined).then(() => replaceFile(path, JSON.stringify({ ...known, from: database })));
      return last;
    },
  };
}
