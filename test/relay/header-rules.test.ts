import { describe, expect, it } from 'vitest';
import { relayAuthorization } from '@/lib/gateway/providers/relay/authorization/authorization';
import { answerHeaders, chosenKey, headerRules, requestHeaders } from '@/lib/relay/header-rules';

const one = (name: string) => name.replace('*', 'anything');
const rows = headerRules.flatMap(({ on, does, names }) => names.map((name) => [on, does, name] as const));
const scope = (key: string) => `mine-${key}`;
const locate = (location: string) => `/acme${location}`;

describe('every row of the table', () => {
  it.each(rows.filter(([on]) => on === 'request'))('of a %s: %s %s', (_, does, name) => {
    const given = ['X-Other', '1', one(name).toUpperCase(), 'v'];
    const sent = requestHeaders(given, { pass: new Set([one(name)]), hasBody: true, isRead: false, scope });
    const values: Partial<Record<typeof does, string>> = { pass: 'v', scope: 'mine-v' };
    expect(sent).toEqual(does in values ? [one(name), values[does]] : []);
  });

  it.each(rows.filter(([on]) => on === 'answer'))('of an %s: %s %s', (_, does, name) => {
    const passed = answerHeaders(['x-other', '1', one(name), 'v'], { status: 200, locate });
    const expected: Record<string, string[]> = {
      drop: [],
      rename: [`x-upstream-${one(name).replace(/^x-/, '')}`, 'v'],
      ours: name === 'location' ? ['location', '/acmev'] : [],
    };
    expect(passed).toEqual(['x-other', '1', ...(expected[does] ?? [])]);
  });
});

it('passes what an operator lets through, and nothing else that it does not know', () => {
  const raw = ['X-Runway-Version', '2024-11-06', 'x-odd', '1'];
  const pass = new Set(['x-runway-version']);
  expect(requestHeaders(raw, { pass, hasBody: false, isRead: false, scope })).toEqual([
    'x-runway-version',
    '2024-11-06',
  ]);
});

it('drops what connection names, on both sides', () => {
  const raw = ['Connection', 'close, X-Hop, Content-Length', 'x-hop', '1', 'content-length', '3', 'accept', '*/*'];
  const sent = requestHeaders(raw, { pass: new Set(['x-hop']), hasBody: true, isRead: false, scope });
  expect(sent).toEqual(['content-length', '3', 'accept', '*/*']);
  expect(answerHeaders(raw, { status: 200, locate })).toEqual(['content-length', '3', 'accept', '*/*']);
});

it('says nothing of a body that is not sent, and asks for no packing of what is read', () => {
  const raw = ['content-type', 'a/b', 'content-length', '0', 'accept-encoding', 'br', 'accept', 'x/y'];
  const sent = requestHeaders(raw, { pass: new Set(), hasBody: false, isRead: true, scope });
  expect(sent).toEqual(['accept', 'x/y', 'accept-encoding', 'identity']);
});

it('passes the key that a caller chose, once, and none where it chose none', () => {
  const both = ['Idempotency-Key', 'a', 'X-Idempotency-Key', 'a'];
  const told = (raw: readonly string[]) => [
    chosenKey(raw),
    requestHeaders(raw, { pass: new Set(), hasBody: true, isRead: false, scope }),
  ];
  expect(told(both)).toEqual(['a', ['idempotency-key', 'mine-a', 'x-idempotency-key', 'mine-a']]);
  expect(told([...both.slice(2), 'x-idempotency-key', 'a'])).toEqual(['a', ['x-idempotency-key', 'mine-a']]);
  expect(told(['idempotency-key', ' ', 'x-idempotency-key', ''])).toEqual([null, []]);
  expect(told(['idempotency-key', '', ...both.slice(2)])).toEqual(['a', ['x-idempotency-key', 'mine-a']]);
  expect(told(['connection', 'idempotency-key', 'idempotency-key', 'a'])).toEqual([null, []]);
  for (const name of ['idempotency-key', 'x-idempotency-key'])
    expect(() => chosenKey([...both, name, 'b'])).toThrow('choose one');
});

it('keeps a header that comes twice, and no length of an answer without a body', () => {
  const raw = ['link', 'a', 'Link', 'b', 'content-length', '0'];
  expect(answerHeaders(raw, { status: 204, locate })).toEqual(['link', 'a', 'Link', 'b']);
});

it('says our key nowhere, and leads on without it', () => {
  const { unkeyed } = relayAuthorization('our-key', { scheme: 'query', name: 'key' });
  const raw = ['location', '/x?key=our-key&a=1', 'link', '</x?key=our-key>; rel="next"', 'x-other', '1'];
  const passed = answerHeaders([...raw, 'location', '/our-key'], { status: 302, locate, unkeyed });
  expect(passed).toEqual(['location', '/acme/x?a=1', 'x-other', '1']);
});
