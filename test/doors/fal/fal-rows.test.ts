import { describe, expect, it } from 'vitest';
import { falProblem } from '@/lib/doors/fal/fal-problem';
import { answersOne, falModel, readFal } from '@/lib/doors/fal/read-fal';
import type { CompiledModel } from '@/lib/gateway/models/compile-model';
import { Models } from '@/lib/gateway/models/models';
import { falSchemas } from '@/lib/gateway/providers/sandbox/schemas/schemas';
import { Problem } from '@/lib/http/problem';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

const { models: rows, providers } = shippedRegistry;
const models = new Models(rows, providers);
const ids = rows
  .filter(({ provider, enabled }) => provider === 'fal' && enabled)
  .map(({ providerModel }) => providerModel);
const modelOf = (id: string) => falModel(models, providers, id) as CompiledModel;

describe('the rows of FAL that ship', () => {
  it('are all read at its door', () => {
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => modelOf(id) === null)).toEqual([]);
  });

  it.each(ids)('%s answers one image or a list, as the model itself does', (id) => {
    expect(answersOne(modelOf(id))).toBe(falSchemas.get(id)?.answers === 'image');
  });
});

describe('a size', () => {
  const sizeOf = (id: string, image_size?: unknown) => {
    const { width, height, aspectRatio, raw } = readFal(modelOf(id), id, { prompt: 'x', image_size });
    return { width, height, aspectRatio, raw: raw?.fields.image_size };
  };

  it.each([
    ['fal-ai/flux/schnell', 'portrait_16_9', 576, 1024],
    ['fal-ai/flux/dev', { width: 640, height: 480 }, 640, 480],
    ['fal-ai/flux/dev', undefined, 1024, 768],
    ['fal-ai/flux/dev', null, 1024, 768],
    ['fal-ai/qwen-image', undefined, 1024, 768],
    ['fal-ai/fast-sdxl', undefined, undefined, undefined],
  ])('%s of %j is %s x %s', (id, size, width, height) => {
    expect(sizeOf(id, size)).toEqual({ width, height, aspectRatio: undefined, raw: undefined });
  });

  it('that has no words of ours keeps its own, for FAL alone', () => {
    expect(sizeOf('fal-ai/flux/dev', 'auto_4K')).toMatchObject({ width: undefined, raw: 'auto_4K' });
  });
});

describe('what is refused', () => {
  const attempts = (...kinds: readonly string[]) => ({
    members: { attempts: kinds.map((error_kind) => ({ error_kind })) },
  });

  it.each([
    [new Problem(504, 'provider-timeout', 'x'), 504, 'user'],
    [new Problem(502, 'provider-outcome-unknown', 'x'), 504, 'user'],
    [new Problem(502, 'provider-failed', 'x', attempts('provider_5xx')), 500, undefined],
    [new Problem(502, 'provider-failed', 'x', attempts('connect')), 503, undefined],
    [new Problem(502, 'provider-failed', 'x', attempts('rejected')), 422, undefined],
    [new Problem(503, 'all-providers-unavailable', 'x', attempts('circuit_open', 'rate_limited')), 503, undefined],
    [new Problem(503, 'all-providers-unavailable', 'x', attempts('provider_5xx', 'circuit_open')), 500, undefined],
    [new Problem(429, 'too-many-requests', 'x'), 429, undefined],
    [new Problem(503, 'shutting-down', 'x'), 503, undefined],
  ])('%o is %i', (problem, status, timeout) => {
    const said = falProblem(problem, 'an-id-of-ours');
    expect([said.status, said.headers['x-fal-request-timeout-type']]).toEqual([status, timeout]);
    expect(said.headers).toMatchObject({ 'x-fal-request-id': 'an-id-of-ours', 'x-request-id': 'an-id-of-ours' });
  });
});
