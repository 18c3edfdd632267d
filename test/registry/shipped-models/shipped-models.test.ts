import { describe, expect, it } from 'vitest';
import { compileModel } from '@/lib/gateway/models/compile-model';
import { falSchemas, runwareSchemas } from '@/lib/gateway/providers/sandbox/schemas/schemas';
import { checkModel } from '@/lib/registry/check-model';
import { falVideo } from '@/lib/registry/shipped-models/fal-video';
import { runwareVideo } from '@/lib/registry/shipped-models/runware-video';
import { shippedModels } from '@/lib/registry/shipped-models/shipped-models';

const schemas = { fal: falSchemas, runware: runwareSchemas };
const enabled = shippedModels.filter((row) => row.enabled);
const at = (provider: string) => enabled.filter((row) => row.provider === provider).map(({ alias }) => alias);

describe('the shipped models', () => {
  it('has at least 24 aliases that both vendors serve', () => {
    expect(at('fal').filter((alias) => at('runware').includes(alias)).length).toBeGreaterThanOrEqual(24);
  });

  it('names each alias once at a vendor', () => {
    const names = shippedModels.map(({ alias, provider }) => `${alias} ${provider}`);
    expect(names).toEqual([...new Set(names)]);
  });

  it('calls no alias what a vendor calls a model', () => {
    const ids = new Set(shippedModels.map(({ providerModel }) => providerModel));
    expect(shippedModels.filter(({ alias }) => ids.has(alias))).toEqual([]);
  });

  it('finds the model itself by a vendor id that several aliases have', () => {
    const first = [...shippedModels].sort((a, b) => (a.alias < b.alias ? -1 : 1));
    const aliasOf = (id: string) => first.find(({ providerModel }) => providerModel === id)?.alias;
    expect(['runware:101@1', 'bfl:5@1', 'google:4@1', 'openai:4@1', 'bytedance:5@0'].map(aliasOf)).toEqual([
      'flux-dev',
      'flux-2-pro',
      'nano-banana',
      'openai-gpt-image-1.5',
      'seedream-4',
    ]);
  });

  it.each(enabled)('$alias at $provider is what its vendor takes', (row) => {
    const schema = schemas[row.provider].get(row.providerModel);
    expect(schema, `${row.providerModel} has no schema`).toBeDefined();
    expect(schema && checkModel(row, schema)).toEqual([]);
  });

  it.each(shippedModels)('$alias at $provider can be compiled', (row) => {
    expect(compileModel({ ...row, shipped: true }, row.provider)).toBeTypeOf('object');
  });

  it.each(shippedModels)('$alias at $provider is known for a video or an image', (row) => {
    const model = compileModel({ ...row, shipped: true }, row.provider);
    const isVideo = [...falVideo, ...runwareVideo].includes(row);
    expect(typeof model === 'object' && model.makesVideo).toBe(isVideo);
  });

  it.each(shippedModels)('$alias at $provider says where it was read, and when', (row) => {
    expect(row.source).toContain('2026-11-29');
    expect(row.source.length).toBeLessThanOrEqual(500);
    expect(row.enabled || row.source.includes('Off')).toBe(true);
  });
});
