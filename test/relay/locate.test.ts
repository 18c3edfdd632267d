import { expect, it } from 'vitest';
import { locate } from '@/lib/relay/locate';

const places = { origin: 'https://api.vendor.example', pathPrefix: '', prefix: '/acme' };
const below = { ...places, pathPrefix: '/runwayml' };

it.each([
  ['/v1/x?y=1', places, '/acme/v1/x?y=1'],
  ['https://api.vendor.example/v1/x#z', places, '/acme/v1/x#z'],
  ['//api.vendor.example/v1', places, '/acme/v1'],
  ['https://cdn.example/file', places, 'https://cdn.example/file'],
  ['//cdn.example/file', places, '//cdn.example/file'],
  ['next?page=2', places, 'next?page=2'],
  ['/runwayml/v1/x', below, '/acme/v1/x'],
  ['/runwayml', below, '/acme'],
  ['/other', below, null],
  ['/runwaymlx/y', below, null],
  ['https://api.vendor.example/other', below, null],
])('%s', (location, at, expected) => {
  expect(locate(location, at)).toBe(expected);
});
