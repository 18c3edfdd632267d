import type { Draw } from './draw';
import type { Faults } from './faults';
import type { SandboxJob } from './jobs/job-book';

export interface SandboxRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly host: string;
  readonly authorization: string;
  /** Parsed JSON, or the fields and files of a form; undefined when there is none or it does not parse. */
  readonly body: unknown;
  /** Over a wire only: all headers, in small letters, and the body as it came. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>> | undefined;
  readonly bytes?: Uint8Array | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Left out: it has none. */
  readonly body?: unknown;
}

/** A reply and what shall happen to it on the wire; without a draw it goes out at once. */
export interface Served {
  readonly reply: Reply;
  readonly draw: Draw | null;
  readonly kind: 'inference' | 'probe' | 'poll' | 'cancel' | 'other';
}

/** What a vendor's front sees of the sandbox around it. */
export interface World {
  readonly origin: string;
  readonly key: string;
  readonly faults: Faults;
  draw(): Draw;
  /** Monotonic milliseconds. */
  now(): number;
}

export interface Vendor {
  readonly name: string;
  readonly usualCost: number;
  serve(request: SandboxRequest, world: World): Served;
  /** Left out: it answers within the call. */
  jobs?(world: World): readonly SandboxJob[];
}

export function retryAfterOf({ rateLimit }: Faults): Readonly<Record<string, string>> {
  const seconds = rateLimit?.retryAfter;
  return typeof seconds === 'number' ? { 'retry-after': String(seconds) } : {};
}

/** The same seed gives the same id. */
export function idOf(seed: number, salt: number): string {
  const part = (n: number) =>
    (Math.imul(seed ^ (salt * 0x9e3779b1), 0x85ebca6b + n * 2) >>> 0).toString(16).padStart(8, '0');
  const hex = part(1) + part(2) + part(3) + part(4);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
