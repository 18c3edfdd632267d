import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobRef } from '@/lib/gateway/providers/job-calls';
import type { JobCalls } from '@/lib/gateway/providers/provider';
import { type JobAdapter, jobsOf } from './job-world';

interface Call {
  readonly method: string;
  readonly url: string;
  readonly tasks: readonly { readonly taskUUID: string }[];
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Answering {
  readonly origin: string;
  readonly jobs: Readonly<Record<JobAdapter, JobCalls>>;
  /** What was asked since the last time that they were told apart. */
  readonly calls: Call[];
  /** Whatever is asked is answered so from now on. */
  answer(reply: (call: Call) => Reply): void;
  close(): Promise<void>;
}

/** Both adapters before a server that says what it is told. */
export async function answering(): Promise<Answering> {
  let reply: (call: Call) => Reply = () => ({});
  const calls: Call[] = [];
  const server = createServer((incoming, response) => {
    let text = '';
    incoming.on('data', (chunk) => {
      text += chunk;
    });
    incoming.on('end', () => {
      const tasks = text.startsWith('[') ? JSON.parse(text) : [];
      const call = { method: incoming.method ?? '', url: incoming.url ?? '', tasks };
      if (!call.url.startsWith('/v1/models/pricing')) calls.push(call);
      const { status = 200, headers = {}, body = '' } = reply(call);
      const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(bytes);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jobs = { fal: jobsOf('fal', origin), runware: jobsOf('runware', origin) };
  return {
    origin,
    jobs,
    calls,
    answer: (next) => {
      reply = next;
    },
    async close() {
      await Promise.all([jobs.fal.close(), jobs.runware.close()]);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export const video = 'https://v3.fal.media/files/a/output.mp4';
export const id = '7b6a2a44-1111-4222-8333-444455556666';
export const ref: JobRef = {
  ...{ id, upstreamId: id, upstream: { app: 'fal-ai/kling-video', seconds: 10, list_usd: 0.7 } },
  ...{ model: 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video', ageMs: 0 },
};
export const page = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' };
