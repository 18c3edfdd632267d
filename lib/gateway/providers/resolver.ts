import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { bareHost } from '@/lib/kernel/private-address';
import { codeOf } from './local-fault';

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
export type Resolve = (hostname: string, options: LookupOptions & { all: true }, found: Found) => void;
type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

const witnessWithinMs = 1000;
/** An answer of a resolver, and a definite one: there is no such name. */
const definite: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * The addresses of one provider's name. Connections that are opened at once share one look-up: the system resolves four
 * names at a time, and with a resolver that is silent the rest would wait in line.
 *
 * Whose fault is a name that does not resolve? Another provider's name, looked up at the same moment, tells: when it
 * resolves, our resolver works and the fault is the provider's; when it does not, the fault is ours. Without another
 * name, "no such name" is the provider's, and no answer is ours.
 */
export class Resolver {
  private waiting: Found[] | null = null;
  private judging: Promise<boolean> | null = null;

  constructor(
    private readonly witnesses: readonly string[] = [],
    private readonly resolve: Resolve = systemLookup,
  ) {}

  /** The system has been asked and has not answered. */
  get isWaiting(): boolean {
    return this.waiting !== null;
  }

  readonly lookup = (hostname: string, options: LookupOptions, callback: Callback): void => {
    const found: Found = (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) callback(error ?? new Error(`${hostname} has no address`), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    };
    if (this.waiting) return void this.waiting.push(found);
    this.waiting = [found];
    this.resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const waiting = this.waiting ?? [];
      this.waiting = null;
      for (const each of waiting) each(error, addresses);
    });
  };

  /** Whether a failed look-up is our own resolver's fault. */
  isOurs(error: Error): Promise<boolean> {
    this.judging ??= this.judge(codeOf(error)).finally(() => {
      this.judging = null;
    });
    return this.judging;
  }

  private async judge(code: string): Promise<boolean> {
    if (this.witnesses.length === 0) return !definite.has(code);
    const resolved = await Promise.all(this.witnesses.map((name) => this.resolves(name)));
    return !resolved.includes(true);
  }

  private resolves(name: string): Promise<boolean> {
    return new Promise((done) => {
      const timer = setTimeout(() => done(false), witnessWithinMs);
      this.resolve(name, { all: true }, (error) => {
        clearTimeout(timer);
        done(error === null);
      });
    });
  }
}

export function isLookupFault(error: Error): boolean {
  return 'syscall' in error && error.syscall === 'getaddrinfo';
}

/** Names that only a resolver can know: an address or `localhost` says nothing of one. */
export function witnessesOf(baseUrls: readonly string[], own: string): string[] {
  const told = baseUrls.filter((url) => URL.canParse(url));
  const names = told.map((url) => new URL(url).hostname).filter((name) => name !== new URL(own).hostname);
  return names.filter((name) => isIP(bareHost(name)) === 0 && !/(?:^|\.)localhost$/.test(name));
}
