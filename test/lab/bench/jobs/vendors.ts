import type { JobCalls } from '@/lib/gateway/providers/provider';

type Habits = Pick<JobCalls, 'pace' | 'perPoll'> & {
  /** Of all jobs. */
  readonly share: number;
};

/** The mix that is followed: how often each vendor may be asked, and for how many jobs in one call. */
export const vendors: Readonly<Record<string, Habits>> = {
  fal: { share: 0.35, perPoll: 1, pace: { firstMs: 1000, floorMs: 1000, mostMs: 30_000 } },
  runware: { share: 0.25, perPoll: 50, pace: { firstMs: 1000, floorMs: 1000, mostMs: 30_000 } },
  kling: { share: 0.15, perPoll: 1, pace: { firstMs: 15_000, floorMs: 5000, mostMs: 30_000 } },
  aimlapi: { share: 0.15, perPoll: 1, pace: { firstMs: 15_000, floorMs: 10_000, mostMs: 30_000 } },
  runway: { share: 0.1, perPoll: 1, pace: { firstMs: 5000, floorMs: 5000, mostMs: 10_000 } },
};
