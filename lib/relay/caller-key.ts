import { createHash } from 'node:crypto';

/** As long as the longest that vendors take. */
const longest = 255;

/**
 * What a caller calls a request by, as our account at the vendor has it: two callers who choose the same key must not get
 * each other's answer. The same key is the same one again, whichever process and arm it goes by.
 */
export function keyOfCaller(split: string, caller: string): (key: string) => string {
  const digest = (of: readonly string[]) => createHash('sha256').update(JSON.stringify(of)).digest('hex');
  return (key) => {
    const scoped = `${digest([split, caller]).slice(0, 12)}-${key}`;
    return scoped.length > longest ? digest([split, caller, key]) : scoped;
  };
}
