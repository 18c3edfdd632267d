import { z } from 'zod';
import type { Scope } from '@/lib/api/scopes';
import type { Env } from '@/lib/config/env';
import type { Log } from '@/lib/config/log';
import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Handler, Head } from '@/lib/http/message';
import type { JobParts } from '@/lib/jobs/create-job';
import type { Caller } from '@/lib/registry/callers/caller';
import type { RelayJobs } from '@/lib/relay/jobs/relay-jobs';
import type { CallerHandler } from './callers';
import type { Description } from './route';

export interface DataPlaneDoor {
  readonly plane: DataPlane;
  /** null without a database: a job is its row. */
  readonly jobs: JobParts | null;
  /** What the jobs of relays work with; null without a database. */
  readonly relays: RelayJobs | null;
  readonly env: Env;
  readonly log: Log;
  readonly isDraining: () => boolean;
  /** One more request of a relay that was sent on, with the bytes of its bodies; a split by its slug. */
  readonly passed: (split: string, arm: string, bytesIn: number, bytesOut: number) => void;
  readonly whoCalls: (head: Head) => Caller;
}

/** What the doors of jobs need of it. */
export type JobsDoor = Pick<DataPlaneDoor, 'plane' | 'jobs' | 'env'>;

/** For callers with a key of this scope; `limit` is whose calls are counted together; null: they are free. */
export interface KeyedRoute extends Description {
  readonly access: 'key';
  /** One of several where what is asked for says which. */
  readonly scope: Scope | readonly Scope[];
  readonly limit: 'generate' | 'events' | null;
  readonly keyed: (door: DataPlaneDoor) => CallerHandler;
}

export interface OpenRoute extends Description {
  readonly access: 'public';
  readonly open: (door: DataPlaneDoor) => Handler;
}

/** One input image of 20 MB as base64, and what goes with it. */
const imagesLimitBytes = 28 * 1024 * 1024;

/** Asking for what was ordered, or taking it back, orders nothing, and is not counted. */
export const asking = { access: 'key', scope: 'generate', limit: null } as const;

export const generating = {
  ...({ method: 'POST', access: 'key', scope: 'generate', limit: 'generate', limitBytes: imagesLimitBytes } as const),
  headers: z.object({
    'idempotency-key': z.string().max(255).optional().describe('the same key and body: the same answer, made once'),
  }),
  refusals: [409, 502, 504],
} as const;
