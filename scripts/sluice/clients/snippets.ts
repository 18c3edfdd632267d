/** The lines that point a client at Sluice, as docs/clients.md shows them and `sluice integration` prints them. */

interface Place {
  /** Of Sluice, without a slash at its end. */
  readonly url: string;
  /** An alias, or a provider's own id. */
  readonly model: string;
  /** FAL's own id of it. */
  readonly falModel: string;
  /** null: the default one. */
  readonly split: string | null;
}

interface Snippet {
  readonly title: string;
  readonly language: 'js' | 'sh';
  /** Where the caller's key goes. */
  readonly key: string;
  readonly code: (place: Place) => string;
}

const prompt = 'a lighthouse at dusk';

/** One more property of an object literal, where a split is named. */
const header = (split: string | null, indent: string) =>
  split === null ? '' : `\n${indent}headers: { 'x-sluice-split': '${split}' },`;

const bearer = 'SLUICE_KEY: the client sends it as Authorization: Bearer …';

export const snippets = {
  curl: {
    title: 'curl',
    language: 'sh',
    key: 'Authorization: Bearer …, or X-API-Key',
    code: ({ url, model, split }) => `curl -s ${url}/api/generate \\
  -H "authorization: Bearer $SLUICE_KEY" -H 'content-type: application/json' \\
  -d '${JSON.stringify({ prompt, model, seed: 7, ...(split === null ? {} : { split }) })}'`,
  },
  openai: {
    title: 'openai',
    language: 'js',
    key: bearer,
    code: ({ url, model, split }) => `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${url}/v1',
  apiKey: process.env.SLUICE_KEY,${split === null ? '' : `\n  defaultHeaders: { 'x-sluice-split': '${split}' },`}
});
const { data } = await client.images.generate({ model: '${model}', prompt: '${prompt}' });
console.log(data[0].url);`,
  },
  'ai-sdk-openai': {
    title: '@ai-sdk/openai',
    language: 'js',
    key: bearer,
    code: ({ url, model, split }) => `import { createOpenAI } from '@ai-sdk/openai';
import { generateImage } from 'ai';

const sluice = createOpenAI({
  baseURL: '${url}/v1',
  apiKey: process.env.SLUICE_KEY,${header(split, '  ')}
});
const { image } = await generateImage({ model: sluice.image('${model}'), prompt: '${prompt}' });
console.log(image.uint8Array.length);`,
  },
  'ai-sdk-openai-compatible': {
    title: '@ai-sdk/openai-compatible',
    language: 'js',
    key: bearer,
    code: ({ url, model, split }) => `import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateImage } from 'ai';

const sluice = createOpenAICompatible({
  name: 'sluice',
  baseURL: '${url}/v1',
  apiKey: process.env.SLUICE_KEY,${header(split, '  ')}
});
const { image } = await generateImage({ model: sluice.imageModel('${model}'), prompt: '${prompt}' });
console.log(image.uint8Array.length);`,
  },
  'fal-client': {
    title: '@fal-ai/client',
    language: 'js',
    key: 'credentials: never FAL_KEY, which is read where nothing else is said, and would leave for Sluice',
    code: ({ url, falModel }) => `import { createFalClient } from '@fal-ai/client';

const fal = createFalClient({
  proxyUrl: { url: '${url}/api/fal/proxy', when: 'always' },
  credentials: process.env.SLUICE_KEY,
});
const { data } = await fal.run('${falModel}', { input: { prompt: '${prompt}', seed: 7 } });
console.log(data.images[0].url);`,
  },
  'ai-sdk-fal': {
    title: '@ai-sdk/fal',
    language: 'js',
    key: 'apiKey: the client sends it as Authorization: Key …',
    code: ({ url, falModel, split }) => `import { createFal } from '@ai-sdk/fal';
import { generateImage } from 'ai';

const sluice = createFal({
  baseURL: '${url}/fal/run',
  apiKey: process.env.SLUICE_KEY,${header(split, '  ')}
});
const { image } = await generateImage({ model: sluice.image('${falModel}'), prompt: '${prompt}' });
console.log(image.uint8Array.length);`,
  },
} as const satisfies Readonly<Record<string, Snippet>>;

export type ClientName = keyof typeof snippets;
export const clientNames = Object.keys(snippets) as readonly ClientName[];

/** What the pages show: an installation as it starts by itself. */
export const usualPlace: Place = {
  ...{ url: 'http://localhost:3000', model: 'flux-schnell', falModel: 'fal-ai/flux/schnell', split: null },
};

/** Of videos, which a split of kind `job` makes; the pages show them, and `film` is a model there. */
export const videoSnippets: readonly ((url: string) => string)[] = [
  (url) => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${url}/v1', apiKey: process.env.SLUICE_KEY });
let video = await client.videos.create({ model: 'film', prompt: '${prompt}' });
while (video.status === 'queued' || video.status === 'in_progress') {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  video = await client.videos.retrieve(video.id);
}
const content = await client.videos.downloadContent(video.id);
console.log((await content.arrayBuffer()).byteLength);`,
  (url) => `import { createFalClient } from '@fal-ai/client';

const fal = createFalClient({
  proxyUrl: { url: '${url}/api/fal/proxy', when: 'always' },
  credentials: process.env.SLUICE_KEY,
});
const model = 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video';
const { data } = await fal.subscribe(model, { input: { prompt: '${prompt}' } });
console.log(data.video.url);`,
];
