import { createHash } from 'node:crypto';

/** As long as the longest that vendors take. */
const longest = 255;

/**
 * The idempotency key of a caller as the vendor is told it. Vendors know one account, ours: two callers who choose the
 * same key must not get each other's answer. It is the same in every process and for every arm.
 */
export function keyOfCaller(split: string, caller: string): (key: string) => string {
  const digest = (of: readonly string[]) => createHash('sha256').update(JSON.stringify(of)).digest('hex');
  return (key) => {
    const scoped = `${digest([split, caller]).slice(0, 12)}-${key}`;
    return scoped.length > longest ? digest([split, caller, key]) : scoped;
  };
}
