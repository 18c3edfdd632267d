import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { ErrorKind, JobCalls, Provider } from '@/lib/gateway/providers/provider';
import { openUpstream } from '@/lib/gateway/providers/upstream';
import type { Deadline } from '@/lib/kernel/deadline';

/** What the vendor says of a job. */
export type Said =
  | { state: 'queued' | 'running'; progress?: number }
  | { state: 'done'; costUsd?: number; units?: number }
  | { state: 'failed' | 'cancelled'; message?: string };

export interface JobVendor {
  readonly url: string;
  /** By the vendor's id; what is not here is answered 404. */
  readonly jobs: Map<string, Said>;
  /** The keys it lets in. */
  readonly keys: Set<string>;
  /** Answers everything with this status while it is set. */
  fault: { status: number; headers?: Record<string, string> } | null;
  latencyMs: number;
  readonly asked: { id: string; atMs: number; key: string }[];
  readonly cancelled: string[];
  /** The most times that one job was being asked for at one moment. */
  mostAtOnce: number;
  close(): Promise<void>;
}

/** A small vendor of jobs over HTTP: GET /jobs?ids=a,b and POST /cancel/a. */
export async function jobVendor(): Promise<JobVendor> {
  const running = new Map<string, number>();
  const vendor: Omit<JobVendor, 'url' | 'close'> = {
    ...{
      jobs: new Map(),
      keys: new Set(['key-0']),
      fault: null,
      latencyMs: 0,
      asked: [],
      cancelled: [],
      mostAtOnce: 0,
    },
  };
  const answer = (response: ServerResponse, status: number, body: unknown, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://vendor');
    const key = request.headers.authorization ?? '';
    const ids = searchParams.get('ids')?.split(',') ?? [];
    for (const id of ids) {
      running.set(id, (running.get(id) ?? 0) + 1);
      vendor.mostAtOnce = Math.max(vendor.mostAtOnce, running.get(id) ?? 0);
      vendor.asked.push({ id, key, atMs: performance.now() });
    }
    if (vendor.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, vendor.latencyMs));
    for (const id of ids) running.set(id, (running.get(id) ?? 1) - 1);
    const { fault } = vendor;
    if (fault) return answer(response, fault.status, {}, fault.headers);
    if (!vendor.keys.has(key)) return answer(response, 401, {});
    if (!pathname.startsWith('/cancel/'))
      return answer(
        response,
        200,
        ids.map((id) => vendor.jobs.get(id) ?? null),
      );
    const id = pathname.slice('/cancel/'.length);
    vendor.cancelled.push(id);
    const said = vendor.jobs.get(id);
    if (said && said.state !== 'done') vendor.jobs.set(id, { state: 'cancelled' });
    answer(response, said ? (said.state === 'done' ? 409 : 202) : 404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return Object.assign(vendor, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close });
}

export const quick = { firstMs: 20, floorMs: 10, mostMs: 60 };

/** What speaks the little vendor's language. */
export function vendorProvider(url: string, key: string, habits: Partial<JobCalls> = {}): Provider {
  const upstream = openUpstream(url);
  const headers = { authorization: key };
  const poll = async (jobs: readonly JobRef[], deadline: Deadline): Promise<JobSeen[]> => {
    const ids = jobs.map(({ id, upstreamId }) => upstreamId ?? id);
    const got = await upstream.call(
      { method: 'GET', path: `/jobs?ids=${ids.join(',')}`, headers, body: null },
      deadline,
    );
    if (got.kind === 'broken') return jobs.map(() => unread(got.errorKind, got.message));
    const after = got.headers['retry-after'];
    if (got.status === 401) return jobs.map(() => unread('auth', 'no such key'));
    if (got.status === 429) return jobs.map(() => unread('rate_limited', 'slow down', Number(after) * 1000));
    if (got.status !== 200) return jobs.map(() => unread('provider_5xx', `status ${got.status}`));
    return (JSON.parse(got.text) as (Said | null)[]).map((said, at) => seenOf(said, ids[at] ?? ''));
  };
  const jobs: JobCalls = {
    ...{ pace: quick, ageLimitMs: 3_600_000, perPoll: 4, readsUnknown: true },
    create: () => Promise.reject(new Error('the poller creates nothing')),
    poll,
    async cancel({ upstreamId }, deadline) {
      const path = `/cancel/${upstreamId}`;
      const got = await upstream.call({ method: 'POST', path, headers, body: '' }, deadline);
      if (got.kind === 'broken') return { kind: 'unread', errorKind: got.errorKind, message: got.message };
      if (got.status === 202) return { kind: 'asked' };
      if (got.status === 404) return { kind: 'absent' };
      if (got.status === 409) return { kind: 'late' };
      return { kind: 'unread', errorKind: 'provider_5xx', message: `status ${got.status}` };
    },
    ...habits,
  };
  return {
    ...{ name: 'kling', configured: true, whyNot: null, jobs },
    generate: () => Promise.reject(new Error('not asked here')),
    probe: async () => ({ ok: true, latencyMs: 0, error: null }),
    close: () => upstream.close(),
  };
}

const unread = (errorKind: ErrorKind, message: string, ms?: number): JobSeen => ({
  ...({ kind: 'unread', errorKind, message, retryAfterMs: ms ?? null } as const),
});

function seenOf(said: Said | null, id: string): JobSeen {
  const accepted = { upstreamId: id, upstream: {} };
  const cost = { costUsd: null, costBasis: 'unknown' } as const;
  switch (said?.state) {
    case undefined:
      return { kind: 'absent', message: 'no such job' };
    case 'queued':
    case 'running':
      return { kind: 'running', phase: said.state, progress: said.progress ?? null, accepted };
    case 'cancelled':
      return { kind: 'cancelled', charged: 'no' };
    case 'failed':
      return {
        ...({ kind: 'failed', errorKind: 'provider_5xx', message: said.message ?? 'it broke', charged: 'no' } as const),
        ...{ httpStatus: 500, payload: { error: 'it broke' }, accepted, ...cost },
      };
    case 'done':
      return {
        ...({
          kind: 'completed',
          accepted,
          units: said.units ?? 5,
          linksForMs: 3_600_000,
          costUsd: said.costUsd ?? 0.5,
        } as const),
        ...{ costBasis: 'billed', payload: { video: { url: `https://cdn.test/${id}.mp4` } } },
        outputs: [{ url: `https://cdn.test/${id}.mp4`, kind: 'video', contentType: 'video/mp4', seconds: 5 }],
      };
  }
}
