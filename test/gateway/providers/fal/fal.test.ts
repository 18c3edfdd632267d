import { expect, it } from 'vitest';
import { isFalImages } from '@/lib/gateway/providers/fal/fal';

const image = { url: 'https://cdn.example/1.png', width: 1024, height: 1, content_type: 'image/png' };

it.each([
  {},
  { images: [] },
  { images: null, image: null, has_nsfw_concepts: null },
  { image },
  { images: [{ url: '', width: null, file_name: 7 }], has_nsfw_concepts: [true], seed: 'any', timings: 3, more: 1 },
  { images: Array(64).fill({ ...image, width: 65_536, content_type: 'a'.repeat(128) }) },
])('is what a model answers: %j', (value) => {
  expect(isFalImages(value)).toBe(true);
});

it.each([
  ...[null, undefined, 'text', 7, [], [image]],
  ...[
    { images: image },
    { images: [null] },
    { images: ['https://cdn.example/1.png'] },
    { images: Array(65).fill(image) },
  ],
  ...[{ image: {} }, { image: [image] }, { image: { ...image, url: 7 } }],
  ...[0, -1, 1.5, 65_537, Number.NaN, '1024', {}].map((width) => ({ images: [{ ...image, width }] })),
  { image: { ...image, height: 0 } },
  ...[7, 'a'.repeat(129)].map((content_type) => ({ image: { ...image, content_type } })),
  ...[{ has_nsfw_concepts: true }, { has_nsfw_concepts: ['no'] }],
])('is nothing that a model answers: %j', (value) => {
  expect(isFalImages(value)).toBe(false);
});
