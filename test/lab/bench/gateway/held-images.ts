import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import { testDataPlane } from '@/test/support/data-plane';

/** How often each of these images is in memory while its provider works on it: GET / answers once it is known. */
const requests = 4;
const image = `data:image/png;base64,${Buffer.concat([png(), randomBytes(3 * 1024 * 1024)]).toString('base64')}`;

/** The head of a picture of 512 × 512; what follows is as large as a real one. */
function png(): Buffer {
  const head = Buffer.from('89504e470d0a1a0a0000000d49484452000002000000020008020000007b1a43ad', 'hex');
  return head;
}

/** Takes whole requests and answers none: what has arrived is thrown away. */
async function silentProvider(): Promise<{ readonly port: number; arrived(): number }> {
  let bytes = 0;
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, arrived: () => Math.floor(bytes / image.length) };
}

/** The least of a few looks: what a collection frees is given back a little later. */
async function held(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 10; look++) {
    globalThis.gc?.();
    await wait(50);
    const { heapUsed, external } = process.memoryUsage();
    least = Math.min(least, heapUsed + external);
  }
  return least;
}

async function measure(): Promise<{ requests: number; megabytes: number; copies: number }> {
  const provider = await silentProvider();
  const plane = await testDataPlane({ env: { FAL_BASE_URL: `http://127.0.0.1:${provider.port}` } });
  const body = Buffer.from(
    JSON.stringify({ prompt: 'a lighthouse', model: 'flux-dev-image-to-image', image: [image] }),
  );
  const before = await held();
  for (let i = 0; i < requests; i++) {
    void request(`${plane.url}/api/generate`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
    }).catch(() => undefined);
  }
  for (let tries = 0; provider.arrived() < requests && tries < 500; tries++) await wait(20);
  if (provider.arrived() < requests) throw new Error('The images never arrived at the provider.');
  const megabytes = image.length / 2 ** 20;
  return { requests, megabytes, copies: ((await held()) - before) / requests / image.length };
}

const found = measure();
const server = createServer((socket) => {
  void found.then((figures) => {
    const text = JSON.stringify(figures);
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`LISTENING ${(server.address() as AddressInfo).port}`));
process.stdin.resume().once('end', () => process.exit(0));
