import { describe, expect, it } from 'vitest';
import { journalCsv } from '@/lib/doors/control/journal-csv';
import { fields, readFields, reason } from '@/lib/http/body/read-fields';
import { throttle } from '@/lib/http/defence/throttle';
import type { Incoming } from '@/lib/http/message';
import { duplicateKey } from '@/lib/kernel/json-text';

const incoming = (text: string, type = 'application/json'): Incoming => ({
  method: 'POST',
  path: '/api/x',
  query: new URLSearchParams(),
  header: (name) => (name === 'content-type' ? type : null),
  body: new TextEncoder().encode(text),
  remote: null,
  requestId: 'test',
});

const read = (text: string) => readFields(fields({ reason }), incoming(text), { invalid: 'body-invalid' }).value;
const reasonOf = (body: object) => read(JSON.stringify(body)).reason;

describe('a key written twice', () => {
  it.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":{"b":1,"b":2}}', '/a/b'],
    ['{"a":[{"b":1},{"b":2}]}', null],
    ['{"a":"{\\"a\\":1,\\"a\\":2}","b":"a"}', null],
    ['{"\\u0061":1,"a":2}', '/a'],
    ['{"a" : 1, "b": {"a": 1}}', null],
    ['["a","a"]', null],
  ])('%s → %s', (text, pointer) => expect(duplicateKey(text)).toBe(pointer));

  it('is refused', () => {
    expect(() => read('{"reason":"a","reason":"b"}')).toThrow(/written twice/);
  });
});

describe('a reason', () => {
  it.each([
    [{}, null],
    [{ reason: null }, null],
    [{ reason: '  ' }, null],
    [{ reason: ' x ' }, 'x'],
  ])('%j → %j', (body, kept) => {
    expect(reasonOf(body)).toBe(kept);
  });
  it('names the code point of what a terminal would obey', () => {
    expect(() => reasonOf({ reason: 'so \u001b[2J' })).toThrow('/reason is refused: it holds U+001B at character 4');
  });

  it.each([1, true, [], 'x'.repeat(501), 'a\0b', '\ud800', 'a\nb', 'a\u202eb'])('%j is refused', (given) => {
    expect(() => reasonOf({ reason: given })).toThrow();
  });
});

describe('a cell of CSV', () => {
  const row = (reason: string) => journalCsv([{ reason } as never]).split('\r\n')[1] ?? '';
  it.each(['=1+1', '+1', '-1', '@x', '\t=1', '\r=1', ' =1', '＝1', '＋1', '－1', '＠x', '﹦1', '−1', '\u200b=1'])(
    '%j is text, not a formula',
    (reason) => {
      expect(row(reason)).toContain(`'${reason}`);
    },
  );
  it('keeps quotes, commas and lines', () => expect(row('a "b", c')).toContain('"a ""b"", c"'));
});

describe('a throttle', () => {
  it('lets so many through in any minute, each key by itself', () => {
    let nowMs = 0;
    const door = throttle(3, () => nowMs);
    for (let n = 0; n < 3; n++) door.take('a');
    expect(() => door.take('a')).toThrow(/At most 3/);
    expect(() => door.take('b')).not.toThrow();
    nowMs = 60_000;
    expect(() => door.take('a')).toThrow();
    nowMs = 100_000;
    expect(() => door.take('a')).not.toThrow();
    nowMs = 300_000;
    for (let n = 0; n < 3; n++) door.take('a');
  });
});
