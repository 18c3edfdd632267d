import type { AttemptView, CostBasis } from '@/lib/api/views';
import type { Fields } from '@/lib/gateway/models/image-request';
import type { Charged, JobLog, JobOutput } from '@/lib/gateway/providers/job-calls';
import type { JobState } from './job-state';

/** Postgres answers any other with an error. */
export const jobIdShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whose wire format a job was ordered in. */
export type JobDoor = 'sluice' | 'openai' | 'fal' | 'relay';

/** A job as its doors tell of it. */
export interface JobView {
  readonly id: string;
  readonly door: JobDoor;
  readonly caller: string;
  readonly requestId: string;
  /** By key. */
  readonly split: string;
  readonly arm: string;
  readonly provider: string;
  readonly adapter: string;
  /** As it was asked for, and as the provider calls it. */
  readonly model: string;
  readonly providerModel: string;
  readonly weightsVersion: number | null;
  readonly state: JobState;
  /** What was asked for: `prompt`, `seconds`, `size` and the like, in our words. */
  readonly request: Fields;
  readonly upstreamId: string | null;
  readonly attempts: readonly AttemptView[];
  /** 0 to 1; null: not said. */
  readonly progress: number | null;
  readonly queuePosition: number | null;
  readonly logs: readonly JobLog[];
  readonly outputs: readonly JobOutput[];
  /** The vendor's own answer, where it is kept. */
  readonly payload: unknown;
  readonly errorKind: string | null;
  readonly error: string | null;
  readonly httpStatus: number | null;
  readonly costUsd: number | null;
  readonly costBasis: CostBasis | null;
  readonly units: number | null;
  readonly charged: Charged;
  readonly remixOf: string | null;
  /** Why it cannot be looked at now. */
  readonly blocked: string | null;
  readonly createdAt: Date;
  readonly acceptedAt: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** When the provider's links expire. */
  readonly expiresAt: Date | null;
  readonly cancelAskedAt: Date | null;
}

export const publicStatuses = ['queued', 'in_progress', 'completed', 'failed'] as const;
type PublicStatus = (typeof publicStatuses)[number];

const statusOf: Readonly<Record<JobState, PublicStatus>> = {
  attempting: 'queued',
  accepted: 'queued',
  unknown: 'queued',
  running: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  expired: 'failed',
  cancelled: 'failed',
  refused: 'failed',
  unknown_final: 'failed',
};

/** The one word that every door says of a state. */
export function publicStatus(state: JobState): PublicStatus {
  return statusOf[state];
}

/** The states that are told by one of these words. */
export function statesOf(statuses: readonly PublicStatus[]): readonly JobState[] {
  const all = Object.entries(statusOf) as [JobState, PublicStatus][];
  return all.filter(([, status]) => statuses.includes(status)).map(([state]) => state);
}

interface PublicFault {
  /** `cancelled`, `expired`, `outcome_unknown`, or what went wrong at the provider. */
  readonly code: string;
  readonly message: string;
}

const ends: Readonly<Partial<Record<JobState, PublicFault>>> = {
  cancelled: { code: 'cancelled', message: 'It was cancelled.' },
  expired: { code: 'expired', message: 'It did not end within the time that its provider takes at most.' },
  unknown_final: {
    code: 'outcome_unknown',
    message: 'It was sent, no answer came, and its provider cannot say what became of it. It is not sent again.',
  },
};

/** Why there is no result; null while there may be one. */
export function publicFault({
  state,
  errorKind,
  error,
}: Pick<JobView, 'state' | 'errorKind' | 'error'>): PublicFault | null {
  if (publicStatus(state) !== 'failed') return null;
  const known = ends[state];
  if (known) return known;
  return { code: errorKind ?? 'failed', message: error ?? 'Its provider failed, and did not say why.' };
}
