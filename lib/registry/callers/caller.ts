import type { Scope } from '@/lib/api/scopes';

/** Who sends requests. The name is safe to log and to store; the key is neither, and is not kept. */
export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
  /** What it may relay, as `/kling`; left out or empty: every relay, where it has that scope. */
  readonly prefixes?: readonly string[] | undefined;
  /** What it may ask for, by names or globs; left out or empty: every model. */
  readonly models?: readonly string[] | undefined;
  /** Requests and images a minute, in each process; left out: no limit of its own. */
  readonly ratePerMinute?: number | null;
}

/** The name of all callers where no key is configured: on this machine alone. */
export const anyone = 'anyone';

/** Whom a caller may speak for: null is every caller, else only what was served to the caller of this name. */
export function speaksFor({ name, scopes }: Caller): string | null {
  return scopes.has('events:foreign') ? null : name;
}
