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
  /** Of a relay, with its slash. */
  readonly prefix: string;
}

interface Snippet {
  readonly language: 'js' | 'sh';
  /** Of the splits it is answered by. */
  readonly kind: 'image' | 'job' | 'relay';
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
    language: 'sh',
    kind: 'image',
    key: 'Authorization: Bearer …, or X-API-Key',
    code: ({ url, model, split }) => `curl -s ${url}/api/generate \\
  -H "authorization: Bearer $SLUICE_KEY" -H 'content-type: application/json' \\
  -d '${JSON.stringify({ prompt, model, seed: 7, ...(split === null ? {} : { split }) })}'`,
  },
  openai: {
    language: 'js',
    kind: 'image',
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
    language: 'js',
    kind: 'image',
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
    language: 'js',
    kind: 'image',
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
    language: 'js',
    kind: 'image',
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
    language: 'js',
    kind: 'image',
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
  'openai-videos': {
    language: 'js',
    kind: 'job',
    key: bearer,
    code: ({ url, model, split }) => `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${url}/v1',
  apiKey: process.env.SLUICE_KEY,${split === null ? '' : `\n  defaultHeaders: { 'x-sluice-split': '${split}' },`}
});
let video = await client.videos.create({ model: '${model}', prompt: '${prompt}' });
while (video.status === 'queued' || video.status === 'in_progress') {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  video = await client.videos.retrieve(video.id);
}
const content = await client.videos.downloadContent(video.id);
console.log((await content.arrayBuffer()).byteLength);`,
  },
  'fal-queue': {
    language: 'js',
    kind: 'job',
    key: 'credentials: never FAL_KEY, which is read where nothing else is said, and would leave for Sluice',
    code: ({ url, falModel }) => `import { createFalClient } from '@fal-ai/client';

const fal = createFalClient({
  proxyUrl: { url: '${url}/api/fal/proxy', when: 'always' },
  credentials: process.env.SLUICE_KEY,
});
const { data } = await fal.subscribe('${falModel}', {
  input: { prompt: '${prompt}' },
});
console.log(data.video.url);`,
  },
  runway: {
    language: 'js',
    kind: 'relay',
    key: 'apiKey: the client sends it as Authorization: Bearer …; its caller needs the scope relay',
    code: ({ url, prefix }) => `import RunwayML from '@runwayml/sdk';

const client = new RunwayML({ baseURL: '${url}${prefix}', apiKey: process.env.SLUICE_KEY });
const task = client.imageToVideo.create({
  ...{ model: 'gen4_turbo', ratio: '1280:720', promptText: '${prompt}' },
  promptImage: 'https://example.com/lighthouse.jpg',
});
const { output } = await task.waitForTaskOutput();
console.log(output[0]);`,
  },
} as const satisfies Readonly<Record<string, Snippet>>;

export type ClientName = keyof typeof snippets;
export const clientNames = Object.keys(snippets) as readonly ClientName[];

/** What the pages show: an installation as it starts by itself. */
const image = { model: 'flux-schnell', falModel: 'fal-ai/flux/schnell' };
/** `film` is a model of a split of jobs there. */
const video = { model: 'film', falModel: 'fal-ai/kling-video/v2.5-turbo/pro/text-to-video' };
export const usualPlace = (kind: Snippet['kind']): Place => ({
  ...{ url: 'http://localhost:3000', split: null, prefix: '/runway' },
  ...(kind === 'job' ? video : image),
});
