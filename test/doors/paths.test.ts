import { describe, expect, it } from 'vitest';
import { lineFinder } from '@/lib/doors/paths';

describe('the route of a path', () => {
  const lineOf = lineFinder([
    '/v1/videos',
    '/v1/videos/{video}',
    '/v1/videos/{video}/content',
    '/fal/run/{model}',
    '/fal/{any}',
  ]);

  it.each([
    ['/v1/videos', '/v1/videos'],
    ['/v1/videos/video_1', '/v1/videos/{video}'],
    ['/v1/videos/video_1/content', '/v1/videos/{video}/content'],
    ['/v1/videos/content', '/v1/videos/{video}'],
    ['/v1/videos//content', '/v1/videos/{video}'],
    ['/v1/videos/a/b/content', '/v1/videos/{video}'],
    ['/fal/run/fal-ai/flux/schnell', '/fal/run/{model}'],
    ['/fal/queue', '/fal/{any}'],
  ])('%s is answered by %s', (path, line) => {
    expect(lineOf(path)).toBe(line);
  });

  it.each(['/v1/videos/', '/v1', '/fal/', '/', ''])('%s by none', (path) => {
    expect(lineOf(path)).toBeUndefined();
  });
});
