import { expect, it } from 'vitest';
import { base64Body } from '@/lib/http/body/base64-body';

const bytes = (length: number) => Uint8Array.from({ length }, (_, n) => (n * 7) % 256);

it.each([[[]], [[0]], [[1]], [[2, 3]], [[49_151, 49_152, 49_153]], [[200_000, 5]]])(
  'is the JSON of images of %j bytes',
  (lengths) => {
    const images = lengths.map(bytes);
    const data = images.map((image) => ({ b64_json: Buffer.from(image).toString('base64') }));
    expect(Buffer.from(base64Body(1_700_000_000, images)).toString()).toBe(
      JSON.stringify({ created: 1_700_000_000, data }),
    );
  },
);
