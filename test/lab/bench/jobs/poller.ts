import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { JobCalls, Provider } from '@/lib/gateway/providers/provider';
import { openUpstream } from '@/lib/gateway/providers/upstream';
import { JobCounts } from '@/lib/jobs/job-counts';
import { JobProviders } from '@/lib/jobs/poll/job-providers';
import { polledStore } from '@/lib/jobs/poll/job-store';
import { JobPoller, type JobStore } from '@/lib/jobs/poll/poll-jobs';
import { startDeadline, systemClock } from '@/lib/kernel/clock';
import { connect } from '@/lib/postgres/connection';
import { quantile } from '../statistics';
import { vendors } from './vendors';

/** The poller of a web process, alone in its own, so that what it takes is its own: `poller DATABASE_URL`. */
export interface Figures {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly polls: number;
  readonly statements: number;
  readonly ended: number;
  readonly faults: number;
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly most: number };
}

const [url = ''] = process.argv.slice(2);
const sql = connect(url, { name: 'bench poller', max: 4 });
const counted = { polls: 0, statements: 0, ended: 0, faults: 0 };
let lags: number[] = [];

function countedStore(): JobStore {
  const store = polledStore(sql);
  return {
    lease(ask) {
      counted.statements += 1;
      return store.lease(ask);
    },
    async settle(seen) {
      counted.statements += 1;
      const ids = await store.settle(seen);
      const now = Date.now();
      for (const { looked, due_ms, due_was } of seen) {
        if (!looked) continue;
        counted.polls += 1;
        if (due_ms === null) counted.ended += 1;
        lags.push(now - due_was / 1000);
      }
      return ids;
    },
  };
}

function providerCalled(name: string, baseUrl: string): Provider {
  const upstream = openUpstream(baseUrl);
  const poll: JobCalls['poll'] = async (jobs, deadline) => {
    const path = `/jobs?ids=${jobs.map(({ upstreamId }) => upstreamId).join(',')}`;
    const got = await upstream.call({ method: 'GET', path, headers: {}, body: null }, deadline);
    if (got.kind === 'answer') return (JSON.parse(got.text) as string[]).map((said, at) => seenOf(said, jobs[at]));
    return jobs.map(() => ({ ...got, kind: 'unread', retryAfterMs: null }) as const);
  };
  const never = () => Promise.reject(new Error('not called here'));
  const habits = vendors[name] ?? { perPoll: 1, pace: { firstMs: 1000, floorMs: 1000, mostMs: 30_000 } };
  const jobs: JobCalls = { ...habits, ageLimitMs: 86_400_000, readsUnknown: true, create: never, cancel: never, poll };
  return { name, configured: true, whyNot: null, jobs, generate: never, probe: never, close: () => upstream.close() };
}

function seenOf(said: string, job: JobRef | undefined): JobSeen {
  if (said === 'running') return { kind: 'running', phase: 'running', progress: 0.5 };
  const output = {
    url: `https://cdn.test/${job?.id}.mp4`,
    kind: 'video',
    contentType: 'video/mp4',
    seconds: 5,
  } as const;
  const cost = { units: 5, costUsd: 0.35, costBasis: 'billed', linksForMs: 3_600_000 } as const;
  return { kind: 'completed', outputs: [output], payload: { video: { url: output.url } }, ...cost };
}

function figures(): Figures {
  const { user, system } = process.cpuUsage();
  const [p50 = 0, p99 = 0, most = 0] = [0.5, 0.99, 1].map((share) => quantile(lags, share));
  lags = [];
  return { atMs: performance.now(), cpuMs: (user + system) / 1000, ...counted, lagMs: { p50, p99, most } };
}

const providers = new JobProviders(({ provider, baseUrl }) => {
  return { madeFrom: provider, open: () => providerCalled(provider, baseUrl) };
}, systemClock.monotonic);
const poller = new JobPoller({
  ...{
    store: countedStore(),
    providers,
    counts: new JobCounts(),
    startDeadline,
    monotonic: systemClock.monotonic,
    random: Math.random,
  },
  fault: {
    worked: () => undefined,
    failed: () => {
      counted.faults += 1;
    },
  },
  warn: () => undefined,
});
poller.start();
const server = createServer((_, response) => void response.end(JSON.stringify(figures())));
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => void poller.stop(1000).then(() => process.exit(0)));
