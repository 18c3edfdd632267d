import { describe, expect, it } from 'vitest';
import { formatInstant, isoSeconds } from '@/app/_components/format/instant';
import { formatFlagValue, formatWeights, readShares } from '@/app/_components/format/share-list';
import { safeNext } from '@/app/_components/sign-in/safe-next';

const now = Date.parse('2026-03-02T12:00:00Z');

describe('an instant', () => {
  it('has its date only on another day', () => {
    expect(formatInstant('2026-03-02T04:05:06Z', now, 'en', 'UTC')).toBe('04:05:06');
    expect(formatInstant('2026-03-01T23:59:59Z', now, 'en', 'UTC')).toBe('Mar 1, 23:59:59');
    expect(formatInstant('2026-03-01T23:59:59Z', now, 'zh-CN', 'UTC')).toBe('3月1日 23:59:59');
  });

  it('is shown as it came when it is none', () => {
    expect([formatInstant('yesterday', now, 'en', 'UTC'), isoSeconds('yesterday')]).toEqual(['yesterday', 'yesterday']);
  });

  it('is ISO in UTC without fractions elsewhere', () => {
    expect(isoSeconds('2026-03-02T04:05:06.789+02:00')).toBe('2026-03-02T02:05:06Z');
  });
});

describe('weights', () => {
  it('name the baseline first', () => {
    expect(formatWeights({ runware: 0.1, fal: 0.9 }, 'fal', 'en')).toBe('fal 90% · runware 10%');
  });

  it('are read from a flag, and anything else is left as it is', () => {
    expect(formatFlagValue('{"fal":1,"runware":0}', 'fal', 'en')).toBe('fal 100% · runware 0%');
    expect(formatFlagValue('<script>', 'fal', 'en')).toBe('<script>');
    expect(formatFlagValue(null, 'fal', 'en')).toBe('–');
  });

  it.each(['[]', '{}', 'null', '{"fal":"1"}', '1', '{bad'])('%s are none', (text) => {
    expect(readShares(text)).toBeNull();
  });
});

describe('safeNext', () => {
  it.each([
    ['/charts?window=6h', '/charts?window=6h'],
    [null, '/'],
    ['https://evil.example', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/sign-in?next=/sign-in', '/'],
    ['javascript:alert(1)', '/'],
    ['/\t/evil.example', '/'],
    ['\n//evil.example', '/'],
    ['/.//evil.example', '/'],
    ['/x/..//evil.example', '/'],
    ['/%73ign-in', '/%73ign-in'],
    ['https://sluice.example/policy#lines', '/policy#lines'],
    ['https://sluice.example:444/policy', '/'],
  ])('%j → %s', (next, path) => {
    const to = safeNext(next, 'https://sluice.example');
    expect(to).toBe(path);
    expect(new URL(to, 'https://sluice.example').origin).toBe('https://sluice.example');
  });
});
