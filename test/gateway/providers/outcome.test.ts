import { describe, expect, it } from 'vitest';
import { falFault } from '@/lib/gateway/providers/fal/error';
import { isFitImageUrl, readable, retryAfterMs, statusFault } from '@/lib/gateway/providers/outcome';
import { runwareFault } from '@/lib/gateway/providers/runware/error';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  return { kind: 'answer', status, headers, text: JSON.stringify(body), latencyMs: 1 } as const;
}

describe('an image URL', () => {
  const live = 'https://fal.run';
  const local = 'http://127.0.0.1:4000';
  it.each([
    ['https://v3.fal.media/files/a.png', live, true],
    ['http://v3.fal.media/files/a.png', live, false],
    ['http://127.0.0.1:4000/a.svg', live, false],
    ['http://127.0.0.1:4000/a.svg', local, true],
    ['http://localhost:4000/a.svg', local, true],
    ['http://127.0.0.1.evil.example/a.svg', local, false],
    ['http://10.0.0.1/a.svg', local, false],
    ['https://user:password@fal.media/a.png', live, false],
    ['https://xn--0.example/a.png', live, URL.canParse('https://xn--0.example/a.png')],
    ['https://fal.media:99999/a.png', live, false],
    ['https://1.2.3.999/a.png', live, false],
    ['data:image/png;base64,AAAA', live, false],
    ['file:///etc/passwd', local, false],
    ['javascript:alert(1)', live, false],
    [`https://fal.media/${'x'.repeat(2100)}`, live, false],
    ['', live, false],
  ])('%s from %s is fit: %s', (url, base, fit) => {
    expect(isFitImageUrl(url, base)).toBe(fit);
  });
});

describe('a status alone', () => {
  it.each([
    [302, 'malformed', 'no'],
    [400, 'rejected', 'no'],
    [401, 'auth', 'no'],
    [402, 'balance', 'no'],
    [403, 'auth', 'no'],
    [404, 'rejected', 'no'],
    [429, 'rate_limited', 'no'],
    [500, 'provider_5xx', 'yes'],
    [502, 'provider_5xx', 'unknown'],
    [503, 'provider_5xx', 'no'],
    [504, 'gateway_timeout', 'unknown'],
    [204, 'empty', 'no'],
  ])('%i is %s, started: %s', (status, errorKind, started) => {
    expect(statusFault(status)).toEqual({ errorKind, started });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  it.each([
    ['7', 7000],
    ['0', 0],
    ['1.5', 1500],
    ['999999999', 3_600_000],
    ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('what FAL says', () => {
  it.each([
    [504, { detail: 'x', error_type: 'request_timeout' }, 'gateway_timeout', 'no'],
    [504, { detail: 'x', error_type: 'startup_timeout' }, 'gateway_timeout', 'no'],
    [503, { detail: 'x', error_type: 'runner_connection_refused' }, 'provider_5xx', 'no'],
    [503, { detail: 'x', error_type: 'runner_disconnected' }, 'provider_5xx', 'yes'],
    [502, { detail: 'x', error_type: 'runner_incomplete_response' }, 'provider_5xx', 'yes'],
    [500, { detail: 'x', error_type: 'internal_error' }, 'provider_5xx', 'yes'],
    [
      422,
      { detail: [{ loc: ['body', 'prompt'], msg: 'no', type: 'content_policy_violation' }] },
      'content_policy',
      'no',
    ],
    [422, { detail: [{ loc: ['body', 'n'], msg: 'too many', type: 'less_than_equal' }] }, 'rejected', 'no'],
    [403, { detail: 'User is locked. Reason: Exhausted balance.' }, 'balance', 'no'],
    [403, { detail: 'Forbidden' }, 'auth', 'no'],
    [504, 'not JSON of theirs', 'gateway_timeout', 'unknown'],
  ])('%i %j is %s, started: %s', (status, body, errorKind, started) => {
    expect(falFault(answer(status, body), 'id:secret')).toMatchObject({ errorKind, started, httpStatus: status });
  });

  it('also counts when only the header names the type', () => {
    const fault = falFault(answer(504, 'x', { 'x-fal-error-type': 'startup_timeout' }), 'id:secret');
    expect(fault).toMatchObject({ started: 'no', message: 'HTTP 504: startup_timeout: no reason given' });
  });
});

describe('what Runware says', () => {
  it.each([
    [401, 'invalidApiKey', 'auth', 'no'],
    [402, 'insufficientCredits', 'balance', 'no'],
    [429, 'rateLimitExceeded', 'rate_limited', 'no'],
    [400, 'invalidPositivePrompt', 'rejected', 'no'],
    [400, 'invalidProviderContent', 'content_policy', 'no'],
    [504, 'timeoutProvider', 'gateway_timeout', 'unknown'],
    [500, 'inferenceFailed', 'provider_5xx', 'yes'],
    [200, 'timeoutProvider', 'gateway_timeout', 'unknown'],
    [200, 'insufficientBalance', 'balance', 'no'],
    [200, 'somethingNew', 'rejected', 'no'],
  ])('%i %s is %s, started: %s', (status, code, errorKind, started) => {
    const fault = runwareFault(answer(status, {}), { code, message: 'm' }, 'secret');
    expect(fault).toMatchObject({ errorKind, started, message: `HTTP ${status}: ${code}: m` });
  });
});

it('keeps keys out of messages, whole or in part', () => {
  expect(readable('bad key id-of-key:very-secret-part', 'id-of-key:very-secret-part')).toBe('bad key …');
  expect(readable('bad key very-secret-part\n\u0007 here', 'id-of-key:very-secret-part')).toBe('bad key … here');
  expect(readable('x'.repeat(1000), null)).toHaveLength(300);
});
