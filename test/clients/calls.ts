import { createFal } from '@ai-sdk/fal';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { createFalClient } from '@fal-ai/client';
import { generateImage } from 'ai';
import OpenAI, { toFile } from 'openai';
import type { ClientCall } from './matrix';

const prompt = 'a lock gate at dawn';

/** Our own door, as any HTTP client calls it. */
const own: ClientCall = {
  client: 'curl',
  call: 'POST /api/generate',
  async run({ url, key }) {
    const response = await fetch(`${url}/api/generate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, seed: 7 }),
    });
    const body = (await response.json()) as { code?: string; images?: unknown[] };
    if (!response.ok) throw new Error(`${response.status} ${body.code}`);
    return { images: body.images?.length ?? 0, arm: response.headers.get('x-sluice-arm') };
  },
};

const openai: ClientCall = {
  client: 'openai',
  call: 'images.generate',
  async run({ url, key }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const { data, response } = await client.images.generate({ prompt, model: 'flux-schnell' }).withResponse();
    return { images: data.data?.length ?? 0, arm: response.headers.get('x-sluice-arm') };
  },
};

const aiOpenai: ClientCall = {
  client: '@ai-sdk/openai',
  call: 'generateImage',
  async run({ url, key }) {
    const provider = createOpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const { images, responses } = await generateImage({ model: provider.image('gpt-image-1'), prompt });
    return { images: images.length, arm: responses[0]?.headers?.['x-sluice-arm'] ?? null };
  },
};

const aiCompatible: ClientCall = {
  client: '@ai-sdk/openai-compatible',
  call: 'generateImage',
  async run({ url, key }) {
    const provider = createOpenAICompatible({ name: 'sluice', baseURL: `${url}/v1`, apiKey: key });
    const { images, responses } = await generateImage({ model: provider.imageModel('flux-schnell'), prompt });
    return { images: images.length, arm: responses[0]?.headers?.['x-sluice-arm'] ?? null };
  },
};

const fal: ClientCall = {
  client: '@fal-ai/client',
  call: 'run',
  async run({ url, key }) {
    const client = createFalClient({ proxyUrl: { url: `${url}/api/fal/proxy`, when: 'always' }, credentials: key });
    const { data } = await client.run('fal-ai/flux/schnell', { input: { prompt, seed: 7 } });
    return { images: data.images.length };
  },
};

const aiFal: ClientCall = {
  client: '@ai-sdk/fal',
  call: 'generateImage',
  async run({ url, key }) {
    const provider = createFal({ baseURL: `${url}/fal/run`, apiKey: key });
    const { images } = await generateImage({ model: provider.image('fal-ai/flux/schnell'), prompt });
    return { images: images.length };
  },
};

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const openaiEdit: ClientCall = {
  client: 'openai',
  call: 'images.edit',
  async run({ url, key }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const image = await toFile(png, 'boat.png', { type: 'image/png' });
    const { data, response } = await client.images.edit({ image, prompt, model: 'flux-kontext-pro' }).withResponse();
    return { images: data.data?.length ?? 0, arm: response.headers.get('x-sluice-arm') };
  },
};

export const calls: readonly ClientCall[] = [own, openai, openaiEdit, aiOpenai, aiCompatible, fal, aiFal];
