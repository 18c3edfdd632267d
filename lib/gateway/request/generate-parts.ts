import type { Clock } from '@/lib/kernel/clock';
import type { StartDeadline } from '@/lib/kernel/deadline';
import type { EventQueue } from '@/lib/log/event-queue';
import type { Routing } from '../weights/routing';
import type { Lane } from './lane';
import type { RunningCalls } from './running-calls';

/** What `generate` works with; one of it in each process. */
export interface GenerateParts {
  readonly routing: () => Routing;
  readonly lanes: ReadonlyMap<string, Lane>;
  readonly events: EventQueue;
  readonly clock: Clock;
  readonly startDeadline: StartDeadline;
  readonly attemptWithinMs: number;
  readonly requestWithinMs: number;
  /** How long a request may wait for connections, in all. */
  readonly queueWithinMs: number;
  readonly calls: RunningCalls;
}
