import { describe, expect, it } from 'vitest';
import { type CompiledModel, compileModel } from '@/lib/gateway/models/compile-model';
import type { ImageRequest, Params } from '@/lib/gateway/models/image-request';
import { type AdapterName, sandboxKeys } from '@/lib/gateway/providers/adapters';
import { inferenceTask } from '@/lib/gateway/providers/runware/task';
import { falVendor } from '@/lib/gateway/providers/sandbox/fal';
import { healthy } from '@/lib/gateway/providers/sandbox/faults';
import { runwareVendor } from '@/lib/gateway/providers/sandbox/runware';
import type { World } from '@/lib/gateway/providers/sandbox/vendor';
import type { ShippedModel, ShippedRule } from '@/lib/registry/shipped-models/shipped-model';
import { shippedModels } from '@/lib/registry/shipped-models/shipped-models';

const picture = 'https://pictures.example/cat.png';
const enabled = shippedModels.filter((row) => row.enabled);
const vendors = { fal: falVendor(), runware: runwareVendor() };

function served(row: ShippedModel, request: ImageRequest) {
  const model = compileModel({ ...row, shipped: true }, row.provider) as CompiledModel;
  expect(model.lostOf(request)).toEqual([]);
  const fields = model.tell(request).fields;
  const isFal = row.provider === 'fal';
  const isLater = row.fixed.taskType === 'videoInference';
  const delivery = { deliveryMethod: isLater ? ('async' as const) : ('sync' as const) };
  const body = isFal
    ? fields
    : [inferenceTask({ model, fields } as never, '7b6a2a44-1111-4222-8333-444455556666', delivery)];
  const key = sandboxKeys[row.provider as AdapterName];
  const world: World = {
    origin: 'http://sandbox',
    key,
    faults: healthy(0.01),
    draw: () => ({ delayMs: 0, wire: 'plain', verdict: 'well', seed: 7 }),
    now: () => 0,
  };
  const path = isFal ? `/${row.providerModel}` : '/v1';
  const authorization = isFal ? `Key ${key}` : `Bearer ${key}`;
  const asked = { method: 'POST', path, query: new URLSearchParams(), host: 'sandbox', authorization, body };
  return vendors[row.provider].serve(asked, world).reply;
}

/** A value that the rule lets through: its highest, its last word, as many as it takes. */
function someOf(name: string, given: ShippedRule): unknown {
  const rule = (typeof given === 'string' ? {} : given) as Record<string, unknown>;
  if (name === 'image') return Array(Number(rule.most ?? 1)).fill(picture);
  if (name === 'mask') return picture;
  if (name === 'loras') return [{ model: rule.accepts === 'url' ? picture : 'civitai:1@1', scale: 1 }];
  if (name === 'negative_prompt') return 'a dog';
  if (name === 'safety' || rule.type === 'flag') return true;
  if (name === 'duration') return Math.max(...Object.keys(rule.values as object).map(Number));
  if (rule.values) return Array.isArray(rule.values) ? rule.values.at(-1) : Object.keys(rule.values).at(-1);
  return rule.max;
}

function requestOf({ alias, params }: ShippedModel, isNamed: (rule: ShippedRule) => boolean): ImageRequest {
  const { prompt, n: _, size: __, ...rules } = params;
  const named = Object.entries(rules).filter(([, rule]) => isNamed(rule));
  const values = Object.fromEntries(named.map(([name, rule]) => [name, someOf(name, rule)]));
  return { prompt: prompt ? 'a lock gate' : null, model: alias, n: 1, params: values as Params, requestId: 'r' };
}

describe('a shipped row, through its vendor in the sandbox', () => {
  it.each(enabled)('$alias at $provider is served with the least that can be asked', (row) => {
    const needed = (rule: ShippedRule) => typeof rule !== 'string' && rule.required === true;
    expect(served(row, requestOf(row, needed))).toMatchObject({ status: 200 });
  });

  it.each(enabled)('$alias at $provider is served with all that it takes', (row) => {
    expect(
      served(
        row,
        requestOf(row, () => true),
      ),
    ).toMatchObject({ status: 200 });
  });
});
