import type { Clock, RunningCalls } from '@/lib/kernel/clock';
import type { Deadline, StartDeadline } from '@/lib/kernel/deadline';
import type { EventQueue } from '@/lib/log/event-queue';
import type { ArmEntry } from '@/lib/registry/registry';
import type { VendorRequest } from '../models/compile-model';
import type { Tellable } from '../models/models';
import type { ProviderResult } from '../providers/provider';
import type { Routing } from '../weights/routing';
import type { Lane } from './lane';
import type { AttemptFacts, EventNames } from './record-attempt';
import type { UserHash } from './user-hash';

/** What `generate` works with; one of it in each process. */
export interface GenerateParts {
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly events: EventQueue;
  readonly clock: Clock;
  readonly startDeadline: StartDeadline;
  readonly attemptWithinMs: number;
  readonly requestWithinMs: number;
  /** How long a request may wait for connections, in all. */
  readonly queueWithinMs: number;
  readonly calls: RunningCalls;
  readonly users: UserHash;
  /** Events hold the addresses of what was made, said to be good for so long; left out: they hold none. */
  readonly addressesForMs?: number | undefined;
}

/** The split of a request, as it is routed now. */
export interface RoutedSplit {
  readonly slug: string;
  /** Swapped whole: a request reads it once. */
  readonly routing: Routing | null;
  readonly arms: ReadonlyMap<string, ArmEntry>;
  readonly models: Tellable;
  readonly events: EventNames;
  /** Its own rule for the addresses of what was made, in place of the process's; undefined: it has none. */
  readonly addressesForMs?: number | undefined;
  /** One more request was assigned to this arm. */
  count(arm: string): void;
}

/** What the attempts of a request send: work that is answered within the call, or the order of a job. */
export interface Sending {
  /**
   * Before anybody is called: writes down where the request goes, or says why it may not go there. Left out: nothing has to
   * be. It may throw, which ends the request.
   */
  readonly aim?: ((lane: Lane, facts: AttemptFacts) => Promise<string | null>) | undefined;
  /** Never throws. */
  send(lane: Lane, request: VendorRequest, deadline: Deadline, facts: AttemptFacts): Promise<ProviderResult>;
}
