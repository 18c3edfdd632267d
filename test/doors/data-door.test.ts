import { describe, expect, it } from 'vitest';
import { keptFromResending, lineFinder } from '@/lib/doors/data-door';
import type { Outgoing } from '@/lib/http/message';

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

const from = (agent: string) => ({ header: (name: string) => (name === 'user-agent' ? agent : null) });
const sdk = from('ai/6.0.326 ai-sdk/openai/3.0.141 runtime/node.js/20');
const answer = (status: number, retry?: string): Outgoing => ({
  ...{ status, body: '{}', headers: retry === undefined ? {} : { 'x-should-retry': retry } },
});

it.each([408, 409, 429, 500, 502, 503, 504])(
  '%i that may have been made is told so that the AI SDK does not send it again',
  (status) => {
    const { status: told, headers } = keptFromResending(sdk, answer(status, 'false'));
    expect([told, headers]).toEqual([424, { 'x-should-retry': 'false', 'x-sluice-status': String(status) }]);
  },
);

it('leaves what is safe to send again, what is not sent again, and other clients as they are', () => {
  for (const safe of [answer(503), answer(503, 'true'), answer(422, 'false'), answer(200, 'false')])
    expect(keptFromResending(sdk, safe)).toBe(safe);
  const fal = { ...answer(504), headers: { 'x-fal-request-timeout-type': 'user' } };
  expect(keptFromResending(sdk, fal).status).toBe(424);
  const unknown = answer(504, 'false');
  expect(keptFromResending(from('OpenAI/JS 6.49.0'), unknown)).toBe(unknown);
});
