import { describe, expect, it } from 'vitest';
import { parseEnv } from '@/lib/config/env';
import { callersOf, watchedCallers } from '@/lib/doors/callers';
import { wrongCredentials } from '@/lib/http/defence/wrong-credentials';

const falKey = '0a1b2c3d-0a1b-4c3d-8e5f-001122334455:00112233445566778899aabbccddeeff';

const names = { api: 'SLUICE_API_KEYS', events: 'SLUICE_EVENT_KEYS', backfill: 'SLUICE_BACKFILL_KEYS' } as const;

function calling(lists: Partial<Record<keyof typeof names, string>>, headers: Record<string, string>) {
  const given = Object.entries(lists).map(([list, keys]) => [names[list as keyof typeof names], keys]);
  const whoCalls = callersOf(parseEnv(Object.fromEntries(given)));
  return whoCalls({ header: (name) => headers[name] ?? null });
}

describe('a caller', () => {
  it('is one, however the key is sent', () => {
    const keys = { api: 'first-key-1,second-key-2' };
    const spellings: Record<string, string>[] = [
      { authorization: 'Bearer second-key-2' },
      { authorization: 'bearer second-key-2' },
      { authorization: 'BEARER   second-key-2 ' },
      { authorization: 'Bearer\tsecond-key-2' },
      { 'x-api-key': 'second-key-2' },
      { authorization: 'Key second-key-2' },
      { authorization: 'Basic anVuaw==', 'x-api-key': 'second-key-2' },
      { authorization: 'Bearer junk', 'x-api-key': 'second-key-2' },
    ];
    const seen = new Set(spellings.map((headers) => calling(keys, headers).name));
    expect([...seen]).toEqual([expect.stringMatching(/^env-[\da-f]{8}$/)]);
    expect(seen).not.toContain(calling(keys, { 'x-api-key': 'first-key-1' }).name);
  });

  it('keeps its name when the list is put in another order, and its name tells no part of the key', () => {
    const { name } = calling({ api: 'first-key-1,second-key-2' }, { 'x-api-key': 'second-key-2' });
    expect(calling({ api: 'second-key-2,third-key-3' }, { 'x-api-key': 'second-key-2' }).name).toBe(name);
    expect(name).not.toMatch(/second|key/);
  });

  it.each([
    ['api', ['generate', 'relay', 'assign', 'events', 'metrics']],
    ['events', ['events', 'events:foreign', 'metrics']],
    ['backfill', ['events', 'events:foreign', 'metrics', 'events:backfill']],
  ])('of the list for %s may %j', (list, scopes) => {
    const keys = { api: 'key-of-api', events: 'key-of-events', backfill: 'key-of-backfill' };
    expect([...calling(keys, { 'x-api-key': `key-of-${list}` }).scopes]).toEqual(scopes);
  });

  it.each([
    [{ api: 'first-key-1' }, {}],
    [{ api: 'first-key-1' }, { authorization: 'Bearer first-key-' }],
    [{ api: 'first-key-1' }, { authorization: 'first-key-1' }],
    [{ api: 'first-key-1' }, { 'x-api-key': '' }],
    [{ api: 'first-key-1' }, { authorization: 'Bearer first-key-1 first-key-1' }],
  ])('is nobody with %j and %j', (keys, headers) => {
    expect(() => calling(keys, headers)).toThrow('Send Authorization: Bearer <key>');
  });

  it.each([{ api: 'first-key-1' }, {}, { api: falKey }])("is not known by a key of FAL's own, with %j", (keys) => {
    for (const scheme of ['Key', 'key', 'Bearer']) {
      expect(() => calling(keys, { authorization: `${scheme} ${falKey}` })).toThrow("holds a key of FAL's own");
    }
  });

  it("leaves no part of a key of FAL's own in the log", () => {
    const lines: unknown[] = [];
    const warn = (...line: readonly unknown[]) => void lines.push(line);
    const wrong = wrongCredentials({ perMinute: 0, now: () => 0, log: { warn } as never });
    const whoCalls = watchedCallers(parseEnv({ SLUICE_API_KEYS: 'first-key-1' }), wrong);
    const header = (name: string) => (name === 'authorization' ? `Key ${falKey}` : null);
    const head = { header, remote: '127.0.0.1', path: '/fal/run/a/b', requestId: 'r', method: 'POST' } as never;
    expect(() => whoCalls(head)).toThrow("holds a key of FAL's own");
    expect(lines).toHaveLength(1);
    for (const part of falKey.split(/[:-]/)) expect(JSON.stringify(lines)).not.toContain(part);
  });

  it('is everybody on this machine where no key is set, and may do everything', () => {
    const caller = calling({}, { authorization: 'Bearer whatever' });
    expect(caller.name).toBe('anyone');
    expect(caller.scopes).toContain('events:foreign');
  });

  it('may not report for others where somebody has a key for that', () => {
    const caller = calling({ events: 'key-of-events' }, {});
    expect([...caller.scopes]).toEqual(['generate', 'relay', 'assign', 'events', 'metrics']);
  });

  it('has one list: a key in two is refused, and named by its place', () => {
    expect(() => parseEnv({ SLUICE_API_KEYS: 'a-key-1,b-key-2', SLUICE_EVENT_KEYS: 'c-key-3,b-key-2' })).toThrow(
      'SLUICE_EVENT_KEYS (part 2) stands in SLUICE_API_KEYS too',
    );
  });
});
