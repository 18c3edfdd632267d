/**
 * `generate`: images, and vouchers for them · `relay`, `assign`: doors to come · `events`: events about the caller's own
 * requests · `events:foreign`: about anybody's · `events:backfill`: about times longer ago.
 */
export type Scope = 'generate' | 'relay' | 'assign' | 'events' | 'events:foreign' | 'events:backfill';

/** Who sends requests. The name is safe to log and to store; the key is neither, and is not kept. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** The name of all callers where no key is configured: on this machine alone. */
export const anyone = 'anyone';

/** Whom a caller may speak for: null is every caller, else only what was served to the caller of this name. */
export function speaksFor({ name, scopes }: Caller): string | null {
  return scopes.has('events:foreign') ? null : name;
}
