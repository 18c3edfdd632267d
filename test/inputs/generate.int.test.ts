import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const dataUri = (kind: string, bytes: Buffer) => `data:image/${kind};base64,${bytes.toString('base64')}`;

/** A header that says it holds so many pixels, and a few bytes. */
function png(width: number, height: number): string {
  const header = Buffer.alloc(24);
  header.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return dataUri('png', header);
}

const x = { prompt: 'x' };
const rows: readonly (readonly [string, Record<string, unknown>, string | RegExp])[] = [
  ['a field that nobody knows', { ...x, sparkle: 1 }, /sparkle.*cannot be said to the arms of this split/],
  ['a field that is none', { ...x, Sparkle: 1 }, 'Sparkle is not known here'],
  ['a field that no arm has for this model', { ...x, model: 'ideogram-v2', steps: 20 }, /steps is not taken/],
  ['out of every range', { ...x, steps: 501 }, 'steps is 501; it must be an integer from 1 to 500'],
  ['out of the range of this model', { ...x, steps: 400 }, /steps must be a whole number from 1 to \d+/],
  ['a ratio beside a side', { ...x, aspect_ratio: '16:9', width: 512 }, 'stands beside width and height'],
  ['a ratio that is none', { ...x, aspect_ratio: 'wide' }, 'it must be like "16:9"'],
  ['an image at the metadata address', { ...x, image: 'https://169.254.169.254/latest' }, 'not public'],
  ['an image at this machine', { ...x, image: 'https://localhost/a.png' }, 'not public'],
  ['an image at this machine, by IPv6', { ...x, image: 'https://[::1]/a.png' }, 'not public'],
  ['an image in the network', { ...x, image: ['https://10.0.0.1/a.png'] }, 'not public'],
  ['an image at a name of the inside', { ...x, image: 'https://metadata.google.internal/x' }, 'not public'],
  ['an image in decimal', { ...x, image: 'https://2130706433/a.png' }, 'not public'],
  ['an image that is not encrypted', { ...x, image: 'http://example.com/a.png' }, 'must be an https URL'],
  ['an image of this disk', { ...x, image: 'file:///etc/passwd' }, 'must be an https URL'],
  ['an image with credentials', { ...x, image: 'https://me:secret@example.com/a.png' }, 'credentials in it'],
  ['data that is text', { ...x, image: 'data:text/html;base64,PGI+' }, 'must be data:image/png;base64'],
  ['data that is no image', { ...x, image: dataUri('png', Buffer.from('MZ, a program')) }, 'is no image'],
  ['data that is another image', { ...x, image: png(8, 8).replace('png', 'jpeg') }, 'says image/jpeg'],
  ['data that is not base64', { ...x, image: 'data:image/png;base64,????' }, 'is not base64'],
  ['a bomb, by its header', { ...x, image: png(60_000, 60_000) }, 'is 60000x60000 pixels'],
  ['17 images', { ...x, image: Array.from({ length: 17 }, () => png(8, 8)) }, 'a list of at most 16'],
  ['a LoRA of this disk', { ...x, loras: [{ model: 'file:///etc/passwd' }] }, "the provider's own id"],
  ['a LoRA in the network', { ...x, loras: [{ model: 'https://10.0.0.1/a' }] }, /not public|is not taken/],
  ['options that say an id', { ...x, provider_options: { runware: { taskUUID: 'x' } } }, 'is for Sluice to say'],
  ['options that say the model', { ...x, provider_options: { runware: { model: 'a:1@1' } } }, 'is for Sluice to say'],
  ['options with a webhook', { ...x, provider_options: { fal: { webhook_url: 'https://a.test' } } }, 'may not be set'],
  ['options with a key, inside', { ...x, provider_options: { fal: { a: [{ api_key: 'k' }] } } }, 'may not be set'],
  ['options with an upload', { ...x, provider_options: { runware: { uploadEndpoint: 'u' } } }, 'may not be set'],
  ['options with a file', { ...x, provider_options: { fal: { image_url: 'file:///etc/passwd' } } }, 'no address'],
  ['options for nobody', { ...x, provider_options: { nobody: { a: 1 } } }, 'for no provider'],
  ['options that are no object', { ...x, provider_options: { fal: 'x' } }, 'must be an object of objects'],
];

describe.each(doors)('parameters that cannot be, at the door %s', (door) => {
  it.each(rows)('%s', async (_, body, names) => {
    const before = await world.state();
    const said = await world.send(door, { method: 'POST', path: '/api/generate', body });
    expectRefusal(said, { status: 422, code: 'request-invalid', names: [names], sent: JSON.stringify(body) });
    expect(await world.state()).toEqual(before);
  });
});
