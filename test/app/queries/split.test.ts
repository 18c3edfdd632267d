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

  it('of no split leads to no doors but those of the name in it', () => {
    for (const path of ['/splits', '/sign-in', null]) expect(placeOf(path).slug).toBeNull();
    const door = (path: string) => new URL(placeOf(path).api('rollout/rollback'), 'http://sluice').pathname;
    expect(['/s/Video', '/s/%2e%2e/policy', '/s/../policy', '/s/%E4%B8%AD'].map(door)).toEqual([
      '/api/splits/Video/rollback',
      '/api/splits/%252e%252e/rollback',
      '/api/splits/%252E%252E/rollback',
      '/api/splits/%25E4%25B8%25AD/rollback',
    ]);
  });
});
