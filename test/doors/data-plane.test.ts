import { expect, it } from 'vitest';
import { keptFromResending } from '@/lib/doors/data-plane';
import type { Outgoing } from '@/lib/http/message';

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
