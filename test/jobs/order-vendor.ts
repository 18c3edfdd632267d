import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { brokenFault, failure, statusFault } from '@/lib/gateway/providers/outcome';
import type { JobCalls, Provider } from '@/lib/gateway/providers/provider';
import { openUpstream } from '@/lib/gateway/providers/upstream';

export interface OrderVendor {
  readonly url: string;
  /** Each order that reached it, by our id. */
  readonly orders: { readonly id: string; readonly prompt: string }[];
  /** What it does with an order. */
  mood: 'takes' | 'busy' | 'broken' | 'silent' | 'prude' | 'hangs-up';
  latencyMs: number;
  /** Runs after an order came in and before it is answered. */
  meanwhile: () => Promise<void>;
  close(): Promise<void>;
}

/** A vendor over HTTP that takes orders of jobs, and a provider that orders there. */
export async function orderVendor(): Promise<OrderVendor> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      // Looks at a job are no orders.
      if (request.url !== '/jobs') return response.writeHead(503).end();
      const { id, prompt } = JSON.parse(Buffer.concat(chunks).toString());
      vendor.orders.push({ id, prompt });
      const { mood } = vendor;
      await vendor.meanwhile();
      if (vendor.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, vendor.latencyMs));
      if (mood === 'silent') return;
      if (mood === 'hangs-up') return request.socket.destroy();
      const status = { takes: 200, busy: 503, broken: 500, prude: 400 }[mood];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(mood === 'takes' ? { id: `v-${randomUUID()}` } : { why: mood }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const vendor: OrderVendor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders: [],
    mood: 'takes',
    latencyMs: 0,
    meanwhile: async () => undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return vendor;
}

export function orderProvider(name: string, url: string): Provider {
  const upstream = openUpstream(url, {});
  const jobs: JobCalls = {
    pace: { firstMs: 2000, floorMs: 1000, mostMs: 10_000 },
    ageLimitMs: 600_000,
    perPoll: 1,
    readsUnknown: false,
    async create({ model, request }, { id }, deadline) {
      const body = JSON.stringify({ id, prompt: request.prompt });
      const answer = await upstream.call({ method: 'POST', path: '/jobs', headers: {}, body }, deadline);
      const facts = { provider: name, model: model.id, latencyMs: answer.latencyMs, providerRequestId: null };
      if (answer.kind === 'broken') return failure(facts, brokenFault(answer));
      if (answer.status !== 200) {
        const isPrude = answer.text.includes('prude');
        const said = isPrude ? ({ errorKind: 'content_policy', started: 'no' } as const) : statusFault(answer.status);
        return failure(facts, { ...said, message: answer.text, httpStatus: answer.status });
      }
      const accepted = { upstreamId: JSON.parse(answer.text).id, upstream: { at: '/jobs' } };
      return { ok: true, ...facts, costUsd: null, costBasis: 'unknown', images: [], accepted };
    },
    poll: async (refs) => refs.map(() => ({ kind: 'absent', message: 'not played' })),
    cancel: async () => ({ kind: 'impossible' }),
  };
  return {
    ...{ name, configured: true, whyNot: null, jobs },
    generate: async () => {
      throw new Error('a job was ordered as an image');
    },
    probe: async () => ({ ok: true, latencyMs: 0, error: null }),
    close: () => upstream.close(),
  };
}
