import { Agent, request } from 'undici';

const longestBytes = 20 * 1024 * 1024;
const withinMs = 20_000;
const agent = new Agent({ connections: 16, connect: { timeout: 5000 } });

/** The bytes of an image that a provider made: no redirects, no more than 20 MB, one deadline for all of it. */
export async function fetchImage(url: string): Promise<Uint8Array> {
  const { statusCode, headers, body } = await request(url, {
    dispatcher: agent,
    signal: AbortSignal.timeout(withinMs),
  });
  const type = String(headers['content-type'] ?? '');
  if (statusCode !== 200 || !/^image\//i.test(type)) {
    body.destroy();
    throw new Error(`the image answered ${statusCode} with "${type.slice(0, 64)}"`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > longestBytes) {
      body.destroy();
      throw new Error(`the image is larger than ${longestBytes} bytes`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}
