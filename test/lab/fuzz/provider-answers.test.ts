import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { falFault } from '@/lib/gateway/providers/fal/error';
import { readFal } from '@/lib/gateway/providers/fal/fal';
import { readOpenai } from '@/lib/gateway/providers/openai/read';
import type { ProviderResult } from '@/lib/gateway/providers/provider';
import { readRunware } from '@/lib/gateway/providers/runware/read';
import type { Answered } from '@/lib/gateway/providers/upstream';
import { vendorRequest } from '@/test/gateway/providers/sandboxed';
import { almost, anyJson, anyText, mangled, nasty } from './grammar';
import { texts, tries, withinMs } from './size';

vi.setConfig({ testTimeout: withinMs });

const key = 'sentinel-key-5e1f';
const wanted = { prompt: 'a cat', width: 1024, height: 1024, n: 1, requestId: 'r' };
const facts = { provider: 'p', model: 'm', latencyMs: 5, providerRequestId: 'task' };
const url = fc.oneof(
  fc.constantFrom('https://cdn.example/1.png', 'http://127.0.0.1/1.png', 'file:///etc/passwd', 'javascript:alert(1)'),
  anyText,
);
const said = fc.oneof(anyText, fc.constant(`the key ${key} is wrong`));

const fal = almost(
  fc.record(
    {
      images: fc.array(almost(fc.record({ url, width: fc.double(), height: fc.nat(), content_type: anyText })), {
        maxLength: 3,
      }),
      has_nsfw_concepts: fc.array(fc.boolean()),
      detail: fc.oneof(said, fc.array(almost(fc.record({ type: anyText, msg: said, loc: fc.array(anyJson) })))),
      error_type: anyText,
    },
    { requiredKeys: [] },
  ),
);

const task = { taskType: fc.constant('imageInference'), taskUUID: fc.constantFrom('task', 'other') };
const runware = almost(
  fc.record(
    {
      data: fc.array(almost(fc.record({ ...task, imageURL: url, cost: fc.double(), NSFWContent: fc.boolean() })), {
        maxLength: 3,
      }),
      errors: fc.array(almost(fc.record({ ...task, code: said, message: fc.oneof(said, fc.array(said)) })), {
        maxLength: 2,
      }),
    },
    { requiredKeys: [] },
  ),
);

const answered = (body: fc.Arbitrary<unknown>): fc.Arbitrary<Answered> =>
  fc.record({
    kind: fc.constant('answer' as const),
    status: fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 599 })),
    headers: fc.dictionary(
      fc.constantFrom('x-fal-billable-units', 'retry-after', 'x-fal-error-type'),
      fc.oneof(nasty, fc.constantFrom('3', '-1', '1e9', 'Infinity', 'Wed, 21 Oct 2026 07:28:00 GMT')),
    ),
    text: fc.oneof(
      body.map((value) => JSON.stringify(value) ?? ''),
      mangled(body.map((value) => JSON.stringify(value) ?? '')),
      anyText,
    ),
    latencyMs: fc.constant(5),
  });

/** What must hold of every outcome, whatever the vendor sent. */
function isSound(result: ProviderResult): void {
  if (result.costUsd !== null) expect(Number.isFinite(result.costUsd) && result.costUsd >= 0).toBe(true);
  for (const image of result.images)
    expect(image.url).toMatch(/^(?:https?:\/\/|data:image\/(?:png|jpeg|webp|gif);base64,[\w+/]+={0,2}$)/i);
  if (result.ok) {
    expect(result.images.length).toBeGreaterThan(0);
    return;
  }
  isSoundFault(result);
}

function isSoundFault({ message, retryAfterMs }: { message: string; retryAfterMs?: number | null }): void {
  expect(message).not.toContain(key);
  expect(message.length).toBeLessThanOrEqual(600);
  if (typeof retryAfterMs === 'number') expect(Number.isFinite(retryAfterMs) && retryAfterMs >= 0).toBe(true);
}

it('any answer of FAL is images or a failure', () => {
  const call = {
    facts,
    request: vendorRequest('fal', wanted),
    unitPriceUsd: 0.003,
    baseUrl: 'https://fal.run',
  };
  fc.assert(
    fc.property(answered(fal), (answer) => {
      if (answer.status === 200) isSound(readFal(answer, call));
      else isSoundFault(falFault(answer, key));
    }),
    tries(texts),
  );
});

it('any answer of Runware is images or a failure', () => {
  const call = { facts, request: vendorRequest('runware', wanted), key, baseUrl: 'https://api.runware.ai' };
  fc.assert(
    fc.property(answered(runware), (answer) => isSound(readRunware(answer, call))),
    tries(texts),
  );
});

const openai = almost(
  fc.record(
    {
      data: fc.array(
        almost(
          fc.record(
            { url, b64_json: fc.oneof(anyText, fc.constantFrom('iVBORw0KGgo=', 'PHN2Zz4=', 'iVBORw0KGgo"')) },
            { requiredKeys: [] },
          ),
        ),
        { maxLength: 3 },
      ),
      error: almost(fc.record({ message: said, type: said, code: fc.oneof(said, fc.nat()) })),
    },
    { requiredKeys: [] },
  ),
);

it('any answer that is OpenAI-shaped is images or a failure', () => {
  const call = { facts, request: vendorRequest('openai', wanted), key, baseUrl: 'https://api.openai.com' };
  fc.assert(
    fc.property(answered(openai), (answer) => isSound(readOpenai(answer, call))),
    tries(texts),
  );
});
