import OpenAI, { APIError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDataPlane, testDataPlane } from '@/test/support/data-plane';

describe('the openai client, with nothing but another base URL', () => {
  let plane: TestDataPlane;
  let client: OpenAI;

  beforeAll(async () => {
    plane = await testDataPlane({ env: { SLUICE_API_KEYS: 'first-key-123,second-key-456' } });
    client = new OpenAI({ baseURL: `${plane.url}/v1`, apiKey: 'second-key-456', maxRetries: 0 });
  });
  afterAll(() => plane.close());

  const refusal = async (body: object, by = client): Promise<APIError> => {
    const outcome = await by.images.generate(body as OpenAI.ImageGenerateParamsNonStreaming).catch((error) => error);
    expect(outcome).toBeInstanceOf(APIError);
    return outcome;
  };

  it('gets urls', async () => {
    const answer = await client.images.generate({ model: 'dall-e-3', prompt: 'a boat', n: 2, size: '512x512' });
    expect(answer.created).toBeGreaterThan(1_700_000_000);
    expect(answer.data).toHaveLength(2);
    expect(answer.data?.[0]?.url).toMatch(/^https?:\/\//);
  });

  it('gets bytes', async () => {
    const { data: answer, response } = await client.images
      .generate({ prompt: 'a boat', response_format: 'b64_json', quality: 'hd' })
      .withResponse();
    expect(response.headers.get('x-sluice-dropped')).toBe('quality');
    expect(Buffer.from(answer.data?.[0]?.b64_json ?? '', 'base64').length).toBeGreaterThan(50);
  });

  it('reads our refusals as it reads its own', async () => {
    expect(await refusal({ prompt: '' })).toMatchObject({ status: 422, code: 'request_invalid', param: 'prompt' });
    expect(await refusal({ prompt: 'x', size: '1x1' })).toMatchObject({ status: 422, param: 'size' });
    expect(await refusal({ prompt: 'x', size: 'big' })).toMatchObject({ status: 422, param: 'size' });
    expect(await refusal({ prompt: 'x', model: 'no-such' })).toMatchObject({ status: 422, param: 'model' });
    expect(await refusal({ prompt: 'x', stream: true })).toMatchObject({ status: 422, param: 'stream' });
    const stranger = new OpenAI({ baseURL: `${plane.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    expect(await refusal({ prompt: 'x' }, stranger)).toMatchObject({ status: 401, code: 'api_key' });
  });

  it('is told of failing providers', async () => {
    plane.sandbox.control('fal', { failureRate: 1 });
    expect(await refusal({ prompt: 'x' })).toMatchObject({
      status: 502,
      code: 'provider_failed',
      type: 'server_error',
    });
  });
});
