import { createFal } from '@ai-sdk/fal';
import { createFalClient } from '@fal-ai/client';
import { experimental_generateVideo as generateVideo } from 'ai';
import OpenAI from 'openai';
import { falFilm } from '@/test/support/video-split';
import type { ClientCall } from './matrix';

const prompt = 'a lock gate at dawn';

const openai: ClientCall = {
  client: 'openai',
  call: 'videos.create … downloadContent',
  async run({ url, key }) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key });
    const { data: made, response } = await client.videos.create({ model: 'film', prompt }).withResponse();
    let video = made;
    for (let tries = 0; tries < 100 && video.status !== 'completed'; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      video = await client.videos.retrieve(made.id);
    }
    const bytes = await (await client.videos.downloadContent(made.id)).arrayBuffer();
    return { images: bytes.byteLength > 100 ? 1 : 0, arm: response.headers.get('x-sluice-arm') };
  },
};

const fal: ClientCall = {
  client: '@fal-ai/client',
  call: 'subscribe',
  async run({ url, key }) {
    const client = createFalClient({ proxyUrl: { url: `${url}/api/fal/proxy`, when: 'always' }, credentials: key });
    const { data } = await client.subscribe(falFilm, { input: { prompt } as never, pollInterval: 200 });
    return { images: (data as { video?: { url?: string } }).video?.url ? 1 : 0 };
  },
};

/** Its address is written into the client; a fetch of one's own takes what it asks to the proxy. */
const aiFal: ClientCall = {
  client: '@ai-sdk/fal',
  call: 'generateVideo',
  async run({ url, key }) {
    const toProxy: typeof fetch = (target, init) => {
      const headers = new Headers(init?.headers);
      headers.set('x-fal-target-url', String(target));
      return fetch(`${url}/api/fal/proxy`, { ...init, headers });
    };
    const provider = createFal({ apiKey: key, fetch: toProxy });
    const { videos } = await generateVideo({
      ...{ model: provider.video(falFilm.slice('fal-ai/'.length)), prompt },
      providerOptions: { fal: { pollIntervalMs: 200 } },
      download: async ({ url: at }) => {
        const response = await fetch(at);
        return { data: new Uint8Array(await response.arrayBuffer()), mediaType: 'video/mp4' };
      },
    });
    return { images: videos.length };
  },
};

export const videoCalls: readonly ClientCall[] = [openai, fal, aiFal];
