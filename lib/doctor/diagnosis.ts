import type { AnchorBook } from '@/lib/control/journal/anchor-book';
import type { SecretKey } from '@/lib/registry/keys/stored-keys';
import type { Weights } from '@/lib/split/weights';
import type { AccessFacts } from './access/access-facts';
import type { JobFacts } from './jobs/job-facts';
import type { NetworkInstruments, RelayUnderTest } from './relays/relay-under-test';
import type { ProviderCalls } from './splits/call-facts';
import type { SplitFacts } from './splits/split-facts';

/** What the doctor looks with. None of these throws for what it is meant to find; each ends at `signal`. */
export interface Instruments extends NetworkInstruments {
  /** Keys of the environment that are not what they should be. */
  readonly environment: readonly { readonly key: string; readonly sentence: string }[];
  readonly providers: readonly ProviderUnderTest[];
  /** What a request gets that names none. */
  readonly usualModel: string;
  /** Whether the environment holds a key of a provider. */
  readonly keyed: (provider: string) => boolean;
  /** Origins and hosts we call: providers, Supabase, the database. */
  readonly peers: readonly Peer[];
  readonly port: { readonly host: string; readonly port: number };
  /** What this machine opens stored keys with, and what it holds beside them; null: providers are simulated. */
  keysFor(providers: readonly string[]): KeysAtHand | null;
  /** null when no database is known at all: no DATABASE_URL and no embedded one. */
  readonly database: DatabaseUnderTest | null;
  /** Files that hold secrets and exist. */
  secretFiles(): Promise<readonly SecretFile[]>;
  /** Those that active providers are; none where the registry cannot be read. */
  relays(): Promise<readonly RelayUnderTest[]>;
  /** What may be open, and what is needed at most; null where the system does not say. */
  openFiles(relays: number): { readonly limit: number; readonly wanted: number } | null;
  portOwner(host: string, port: number, signal: AbortSignal): Promise<PortOwner>;
}

export interface KeysAtHand {
  readonly secretKey: SecretKey;
  environment(provider: string): string | null;
  variableOf(provider: string): string;
  /** Variables that more than one of the providers would read. */
  readonly clashes: ReadonlyMap<string, readonly string[]>;
}

export interface Peer {
  /** The environment key that chose it. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

export interface ProviderUnderTest {
  readonly name: string;
  readonly key: string;
  readonly configured: boolean;
  /** Why it cannot be called, in a sentence; null when it can. */
  readonly whyNot: string | null;
  /** Why the key that is set cannot be one. */
  readonly refusal: string | null;
  readonly simulated: boolean;
  /** Aliases that it can make; null: it is no provider that ships, and need not make what every request may ask for. */
  readonly models: readonly string[] | null;
  /** Its jobs have ended by then, or never will; null: it has none. */
  readonly jobAgeLimitMs: number | null;
  /** An authenticated call that costs nothing. */
  probe(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly error: string | null; readonly kind?: string }>;
}

export interface SecretFile {
  readonly path: string;
  /** Permission bits, as chmod writes them. */
  readonly mode: number;
}

export type PortOwner =
  | { readonly kind: 'free' }
  | { readonly kind: 'sluice' }
  | { readonly kind: 'taken'; readonly by: string | null }
  | { readonly kind: 'refused'; readonly error: string };

export interface DatabaseUnderTest {
  /** Where it is, without the password. */
  readonly shown: string;
  /** Migrations this build brings along. */
  readonly expected: readonly string[];
  /** What this machine has anchored of its journal. */
  readonly book: Pick<AnchorBook, 'doubt' | 'place'>;
  /** Reads everything in one go; throws when the database does not answer. */
  read(signal: AbortSignal): Promise<DatabaseFacts>;
}

export interface DatabaseFacts {
  readonly nowMs: number;
  readonly applied: readonly string[];
  /** null while our tables are not there. */
  readonly rollout: RolloutFacts | null;
  readonly access: AccessFacts | null;
}

/** A role of browsers that may insert events. */
export interface EventInserter {
  readonly role: string;
  /** Row security is on, and a policy lets it. */
  readonly byPolicy: boolean;
  readonly isBelieved: boolean;
}

interface OutboxFacts {
  readonly waiting: number;
  /** Given up; of what callers are told, within a day. */
  readonly dead: number;
  readonly lastError: string | null;
}

export interface RolloutFacts {
  readonly eventInserters: readonly EventInserter[];
  readonly weights: {
    readonly text: string;
    readonly version: number;
    readonly fault: string | null;
    readonly writtenAtMs: number;
  } | null;
  readonly policyFault: string | null;
  readonly lastTick: {
    readonly atMs: number;
    readonly intervalSeconds: number;
    readonly by: string;
    readonly error: string | null;
  } | null;
  readonly instances: readonly InstanceFacts[];
  /** The web process heard of last, alive or not; null: none has left a trace. */
  readonly lastWeb: { readonly id: string; readonly host: string; readonly ageSeconds: number } | null;
  readonly outbox: { readonly alerts: OutboxFacts; readonly jobs: OutboxFacts };
  readonly guards: GuardFacts;
  readonly ledgerFaults: readonly LedgerFault[];
  /** Those in use. */
  readonly splits: readonly SplitFacts[];
  /** Of providers that are sent to. */
  readonly calls: readonly ProviderCalls[];
  readonly jobs: JobFacts;
}

/** A job whose hold is not what became of it. */
export interface LedgerFault {
  readonly job: string;
  readonly caller: string;
  readonly fault: string;
}

export interface GuardFacts {
  /** `default_transaction_read_only`, by whatever it was set. */
  readonly isReadOnly: boolean;
  /** Tables whose row security lets our role write nothing. */
  readonly hidden: readonly { readonly table: string; readonly role: string }[];
  readonly guardFaults: readonly { readonly relation: string; readonly guard: string; readonly fault: string }[];
  /** Of the chain, of the live rows beside it, and of what this machine has anchored. */
  readonly journalFaults: readonly { readonly flagKey: string; readonly seq: number; readonly fault: string }[];
}

export interface InstanceFacts {
  readonly id: string;
  readonly kind: string;
  readonly host: string;
  readonly version: number | null;
  /** What it routes by. */
  readonly weights: Weights | null;
  readonly ageSeconds: number;
  readonly spoolDepth: number;
  readonly oldestUnsentSeconds: number | null;
  readonly clockSkewMs: number | null;
  /** null: no web process, or one that does not say. */
  readonly servesRelays: boolean | null;
}
