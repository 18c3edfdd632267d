import { randomUUID } from 'node:crypto';
import type { VendorRequest } from '@/lib/gateway/models/compile-model';
import type { ImageRequest } from '@/lib/gateway/models/image-request';
import { Models } from '@/lib/gateway/models/models';
import { type AdapterName, adapters } from '@/lib/gateway/providers/adapters';
import type { JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { JobCalls, ProviderResult } from '@/lib/gateway/providers/provider';
import { shippedRegistry } from '@/lib/registry/shipped-registry';
import { row } from '@/test/gateway/models/rows';

export const jobNames = ['fal', 'runware'] as const satisfies readonly AdapterName[];
export type JobAdapter = (typeof jobNames)[number];

const duration = { fal: { 5: '5', 10: '10' }, runware: { 5: 5, 10: 10 } };
const words = { fal: 'prompt', runware: 'positivePrompt' };
const ids = { fal: 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video', runware: 'klingai:6@1' };
const rows = jobNames.map((name) =>
  row(
    'a-video',
    name,
    { prompt: { to: words[name], required: true }, duration: { values: duration[name], default: 5 } },
    {
      providerModel: ids[name],
      price: { usd: 0.07, per: 'second' },
      fixed: name === 'runware' ? { taskType: 'videoInference' } : {},
    },
  ),
);
const models = new Models([...shippedRegistry.models, ...rows], shippedRegistry.providers);

/** A video of ten seconds, or whatever else is wanted, as an adapter is told it. */
export function asked(name: JobAdapter, wanted: Partial<ImageRequest> = {}): VendorRequest {
  const params = wanted.model === undefined ? { duration: 10 } : {};
  const request: ImageRequest = { prompt: 'a lock gate', model: 'a-video', n: 1, params, requestId: 'r-1', ...wanted };
  const model = models.of(name, request.model);
  if (model === null) throw new Error(`${name} has no ${request.model}`);
  return { model, request, fields: model.tell(request).fields };
}

export const soon = (ms = 5000) => AbortSignal.timeout(ms);

export function jobsOf(
  name: JobAdapter,
  baseUrl: string,
  key = 'id:secret-of-the-key',
): JobCalls & { close(): Promise<void> } {
  const provider = adapters[name].create({ key, baseUrl });
  if (!provider.jobs) throw new Error(`${name} has no jobs`);
  return { ...provider.jobs, close: () => provider.close() };
}

export interface Made {
  readonly id: string;
  readonly result: ProviderResult;
  readonly ref: JobRef;
}

/** A job, and how it is asked for from then on. */
export async function make(
  name: JobAdapter,
  jobs: JobCalls,
  wanted: Partial<ImageRequest> = {},
  webhookUrl: string | null = null,
): Promise<Made> {
  const id = randomUUID();
  const request = asked(name, wanted);
  const result = await jobs.create(request, { id, webhookUrl }, soon());
  const accepted = result.ok ? result.accepted : undefined;
  const upstream = { upstreamId: accepted?.upstreamId ?? null, upstream: accepted?.upstream ?? {} };
  return { id, result, ref: { id, ...upstream, model: request.model.id, ageMs: 0 } };
}

export async function seen(jobs: JobCalls, ref: JobRef): Promise<JobSeen> {
  const [first] = await jobs.poll([ref], soon());
  if (!first) throw new Error('nothing was seen');
  return first;
}

/** Looks until it is no longer under way. */
export async function ended(jobs: JobCalls, ref: JobRef): Promise<JobSeen> {
  for (;;) {
    const last = await seen(jobs, ref);
    if (last.kind !== 'running') return last;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
