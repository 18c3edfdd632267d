import { describe, expect, it } from 'vitest';
import { placeOf } from '@/app/_queries/split';

describe('an address', () => {
  it.each([
    ['/', null, '/api/rollout', '/api/rollout/advance', '/api/policy', '/policy', '/'],
    ['/charts', null, '/api/rollout', '/api/rollout/advance', '/api/policy', '/policy', '/'],
    ['/s/', null, '/api/rollout', '/api/rollout/advance', '/api/policy', '/policy', '/'],
    [
      '/s/video',
      'video',
      '/api/splits/video',
      '/api/splits/video/advance',
      '/api/splits/video/policy',
      '/s/video/policy',
      '/s/video',
    ],
    [
      '/s/gen/charts',
      'gen',
      '/api/splits/gen',
      '/api/splits/gen/advance',
      '/api/splits/gen/policy',
      '/s/gen/policy',
      '/s/gen',
    ],
  ])('%s is of split %s', (path, slug, snapshot, verb, policy, href, home) => {
    const place = placeOf(path);
    expect(place.slug).toBe(slug);
    expect([place.api('rollout'), place.api('rollout/advance'), place.api('policy')]).toEqual([snapshot, verb, policy]);
    expect([place.href('/policy'), place.href('/')]).toEqual([href, home]);
  });

  it('that is no slug names no split', () => {
    for (const path of ['/s/Video', '/s/%2e%2e', '/s/../api', '/splits', '/sign-in', null])
      expect(placeOf(path).slug).toBeNull();
  });
});
