import { describe, expect, it } from 'vitest';
import { type AdapterName, sandboxKeys } from '@/lib/gateway/providers/adapters';
import { falVendor } from '@/lib/gateway/providers/sandbox/fal';
import { healthy } from '@/lib/gateway/providers/sandbox/faults';
import { runwareVendor } from '@/lib/gateway/providers/sandbox/runware';
import { falSchemas, runwareSchemas } from '@/lib/gateway/providers/sandbox/schemas/schemas';
import type { Vendor, World } from '@/lib/gateway/providers/sandbox/vendor';
import { checkModel } from '@/lib/registry/check-model';
import { readFalSchema, readRunwareSchema } from '@/lib/registry/read-vendor-schema';
import { shippedModels } from '@/lib/registry/shipped-models/shipped-models';
import type { VendorField, VendorFields } from '@/lib/registry/vendor-schema';

const picture = 'https://pictures.example/cat.png';
const taskUUID = '7b6a2a44-1111-4222-8333-444455556666';

function ask(vendor: Vendor, method: string, path: string, body?: unknown) {
  const key = sandboxKeys[vendor.name as AdapterName];
  const authorization = vendor.name === 'fal' ? `Key ${key}` : `Bearer ${key}`;
  const url = new URL(path, 'http://sandbox');
  const world: World = {
    origin: 'http://sandbox',
    key,
    faults: healthy(vendor.usualCost),
    draw: () => ({ delayMs: 0, wire: 'plain', verdict: 'well', seed: 7 }),
    now: () => 0,
  };
  const request = { method, path: url.pathname, query: url.searchParams, host: url.host, authorization, body };
  return vendor.serve(request, world).reply as { status: number; body: never };
}

const fal = (id: string, input: object) => ask(falVendor(), 'POST', `/${id}`, input);
const runware = (task: object) => ask(runwareVendor(), 'POST', '/v1', [{ taskUUID, ...task }]);
const draw = (task: object = {}) =>
  runware({
    taskType: 'imageInference',
    model: 'runware:101@1',
    positivePrompt: 'a cat',
    width: 512,
    height: 768,
    ...task,
  });

/** The least that a schema lets through. */
function leastOf(fields: VendorFields): Record<string, unknown> {
  const needed = Object.entries(fields).filter(([, { required }]) => required);
  return Object.fromEntries(needed.map(([name, field]) => [name, someOf(field)]));
}

function someOf({ type, oneOf, min, fields, step }: VendorField): unknown {
  if (oneOf && type !== 'object') return oneOf[0];
  if (type === 'whole' || type === 'number') return min ?? (step ?? 1) * 1024;
  if (type === 'images') return [picture];
  if (type === 'flag') return true;
  if (type === 'object') return leastOf(fields ?? {});
  return type === 'image' ? picture : 'a lock gate';
}

describe('a sandbox vendor judges by the schema of the model', () => {
  it.each([...falSchemas.values()])('FAL serves $id', ({ id, fields, answers }) => {
    const { status, body } = fal(id, leastOf(fields));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: answers ? { [answers]: { url: expect.any(String) } } : { images: [{ url: expect.any(String) }] },
    });
  });

  it.each([...runwareSchemas.values()])('Runware serves $id', ({ id, fields, sizes }) => {
    const [width, height] = (sizes?.[0] ?? '1024x1024').split('x').map(Number);
    const size = fields.width?.required ? { width, height } : {};
    const { status, body } = runware({ ...leastOf(fields), ...size, model: id, taskUUID });
    const taskType = fields.taskType?.oneOf?.[0];
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { data: [{ taskType, [taskType === 'videoInference' ? 'videoURL' : 'imageURL']: expect.any(String) }] },
    });
  });

  it.each([
    ['too many steps', 'fal-ai/flux/schnell', { num_inference_steps: 13 }, 'num_inference_steps', 'less_than_equal'],
    ['half a step', 'fal-ai/flux/dev', { num_inference_steps: 2.5 }, 'num_inference_steps', 'int_type'],
    ['an unknown format', 'fal-ai/flux/dev', { output_format: 'webp' }, 'output_format', 'literal_error'],
    ['text for a flag', 'fal-ai/flux/dev', { enable_safety_checker: 'no' }, 'enable_safety_checker', 'bool_type'],
    ['no input image', 'fal-ai/flux/dev/image-to-image', {}, 'image_url', 'missing'],
    ['no list of images', 'fal-ai/flux-2-pro/edit', { image_urls: picture }, 'image_urls', 'list_type'],
    ['a side of nothing', 'fal-ai/flux/dev', { image_size: { width: 0, height: 512 } }, 'width', 'greater_than_equal'],
  ])('FAL refuses %s', (_, id, more, field, type) => {
    const { status, body } = fal(id, { prompt: 'a cat', ...more });
    expect({ status, body }).toMatchObject({ status: 422, body: { detail: [{ type, msg: expect.any(String) }] } });
    expect((body as { detail: { loc: string[] }[] }).detail[0]?.loc).toEqual(expect.arrayContaining(['body', field]));
  });

  it.each([
    ['too many steps', { steps: 101 }, 'invalidSteps', 'steps'],
    ['an unknown format', { outputFormat: 'jpeg' }, 'invalidOutputFormat', 'outputFormat'],
    ['a word it does not know', { num_inference_steps: 4 }, 'unsupportedParameter', 'num_inference_steps'],
    ['an input it does not know', { inputs: { image: picture } }, 'unsupportedParameter', 'inputs.image'],
    ['a size of its own', { model: 'openai:1@1', width: 1536, height: 1536 }, 'invalidWidth', 'width'],
    ['no reference image', { model: 'runware:108@20' }, 'missingInputs', 'inputs'],
    ['another task', { model: 'runware:500@1' }, 'invalidTaskType', 'taskType'],
    ['a LoRA without a model', { lora: [{ weight: 1 }] }, 'missingModel', 'lora.0.model'],
  ])('Runware refuses %s', (_, more, code, parameter) => {
    expect(draw(more)).toMatchObject({ status: 400, body: { errors: [{ code, parameter, taskUUID }] } });
  });

  it('lets what FAL does not know be, as FAL does', () => {
    expect(fal('fal-ai/flux/dev', { prompt: 'a cat', nonsense: 1 }).status).toBe(200);
  });

  it('answers in the wanted size with the seed it was given', () => {
    const made = fal('fal-ai/flux/dev', { prompt: 'a cat', seed: 42, image_size: { width: 640, height: 384 } });
    expect(made.body).toMatchObject({ seed: 42, images: [{ width: 640, height: 384 }] });
    const { images } = fal('fal-ai/nano-banana', { prompt: 'a cat', aspect_ratio: '16:9' }).body as {
      images: { width: number; height: number }[];
    };
    expect((images[0]?.width ?? 0) / (images[0]?.height ?? 1)).toBeCloseTo(16 / 9, 1);
    const { data } = draw({ seed: 42, numberResults: 2 }).body as { data: { seed: number; imageURL: string }[] };
    expect(data.map(({ seed }) => seed)).toEqual([42, 43]);
    expect(data[0]?.imageURL).toContain('width=512&height=768');
  });

  it('has no seed where nothing is drawn', () => {
    const upscaled = runware({
      taskType: 'upscale',
      model: 'runware:500@1',
      inputs: { image: picture },
      upscaleFactor: 2,
    });
    const { data } = upscaled.body as { data: object[] };
    expect(data[0]).not.toHaveProperty('seed');
    expect(data[0]).toMatchObject({ imageURL: expect.stringContaining('width=2048') });
  });
});

describe('the schemas that the vendors publish', () => {
  const openApi = (id: string) =>
    ask(falVendor(), 'GET', `/api/openapi/queue/openapi.json?endpoint_id=${encodeURIComponent(id)}`);
  const resolve = (id: string) => ask(runwareVendor(), 'GET', `/resolve/${encodeURIComponent(id)}`);

  it.each(shippedModels.filter(({ enabled }) => enabled))('$alias at $provider fits what is published', (row) => {
    const id = row.providerModel;
    const schema =
      row.provider === 'fal'
        ? readFalSchema(id, openApi(id).body, 'here')
        : readRunwareSchema(id, resolve(id).body, 'here');
    expect(schema).not.toBeNull();
    expect(schema && checkModel(row, schema)).toEqual([]);
  });

  it('loses nothing of ranges, words, sizes and what is required', () => {
    const dev = readFalSchema('fal-ai/flux/dev', openApi('fal-ai/flux/dev').body, 'here');
    expect(dev?.fields).toEqual(falSchemas.get('fal-ai/flux/dev')?.fields);
    const gpt = readRunwareSchema('openai:1@1', resolve('openai:1@1').body, 'here');
    expect(gpt?.sizes).toEqual(runwareSchemas.get('openai:1@1')?.sizes);
    expect(readFalSchema('fal-ai/esrgan', openApi('fal-ai/esrgan').body, 'here')?.answers).toBe('image');
  });

  it('says that it has none', () => {
    expect(openApi('fal-ai/nonsense').status).toBe(404);
    expect(resolve('nonsense:1@1').status).toBe(404);
    expect(readFalSchema('fal-ai/flux/dev', { detail: 'not found' }, 'here')).toBeNull();
    expect(readRunwareSchema('runware:101@1', 'nonsense', 'here')).toBeNull();
  });
});
