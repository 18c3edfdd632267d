import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LargeImages {
  readonly url: string;
  /** What it is sent and what it does; to be changed at any time. */
  readonly state: { calls: number; hasImages: boolean; onCall: () => unknown };
  close(): void;
}

/** FAL, with large images under its own origin. */
export async function largeImages(image: Buffer): Promise<LargeImages> {
  const state: LargeImages['state'] = { calls: 0, hasImages: true, onCall: () => undefined };
  const provider: Server = createServer((incoming, response) => {
    if (incoming.method === 'GET' && incoming.url?.startsWith('/files/')) {
      const body = state.hasImages ? image : Buffer.from('gone');
      response.writeHead(state.hasImages ? 200 : 404, { 'content-type': 'image/png', 'content-length': body.length });
      return void response.end(body);
    }
    incoming.resume().once('end', async () => {
      if (incoming.method === 'POST') {
        state.calls += 1;
        await state.onCall();
      }
      const images = [{ url: `${url}/files/${state.calls}.png`, width: 1024, height: 1024 }];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ images, prompt: 'x', seed: 1 }));
    });
  });
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  return {
    url,
    state,
    close() {
      provider.closeAllConnections();
      provider.close();
    },
  };
}
