import { describe, expect, it } from 'vitest';
import { durationText, formatDuration, parseDuration } from '@/lib/kernel/duration';
import { parseInstant } from '@/lib/kernel/instant';

describe('an instant', () => {
  it.each([
    ['2026-03-02T12:00:00Z', '2026-03-02T12:00:00.000Z'],
    ['2026-03-02T12:00:00.250Z', '2026-03-02T12:00:00.250Z'],
    ['2026-03-02 12:00:00+00', '2026-03-02T12:00:00.000Z'],
    ['2026-03-02 13:30:00.5+01:30', '2026-03-02T12:00:00.500Z'],
    ['2026-03-02T07:00:00-0500', '2026-03-02T12:00:00.000Z'],
    ['2026-03-02T12:00', '2026-03-02T12:00:00.000Z'],
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['0068-09-03T13:20:00Z', '0068-09-03T13:20:00.000Z'],
  ])('%s is %s', (text, iso) => expect(parseInstant(text)).toBe(Date.parse(iso)));

  it('keeps microseconds, which decide the bucket', () => {
    expect(parseInstant('2026-03-02 12:00:00.000001+00')).toBeGreaterThan(Date.parse('2026-03-02T12:00:00Z'));
  });

  it.each(['', 'yesterday', '1772452800', '2026-13-02T00:00:00Z', '2026-03-02T12:61:00Z', '02.03.2026'])(
    '%j is none',
    (text) => expect(parseInstant(text)).toBeNull(),
  );

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29',
    '2026-00-10',
    '2026-04-31T12:00:00Z',
    '2026-03-00',
    '2026-03-02T24:30:00Z',
    '2026-03-02T24:00:00.5Z',
    '2026-03-02T25:00:00Z',
    '2026-03-02T12:00:75Z',
    '2026-03-02T12:00:60Z',
    '2026-03-02T12:00:00+27:00',
  ])('%s never was', (text) => expect(parseInstant(text)).toBeNull());

  it.each([
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2026-03-02T24:00:00Z', '2026-03-03T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => expect(parseInstant(text)).toBe(Date.parse(iso)));
});

describe('a duration', () => {
  it.each([
    ['90s', 90],
    ['5m', 300],
    ['1h', 3600],
    ['2d', 172_800],
    ['0s', 0],
  ])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds));

  it.each(['', '5', 'm', '5 m', '-5m', '1.5h', '05m', '5M', '1h30m'])('%j is none', (text) =>
    expect(parseDuration(text)).toBeNull(),
  );

  it('is written in the largest unit that divides', () => {
    expect([90, 300, 3600, 86_400, 0].map(formatDuration)).toEqual(['90s', '5m', '1h', '1d', '0s']);
    expect([0.4, 59, 5430, 90_061].map(durationText)).toEqual(['0s', '59s', '1h 30m 30s', '1d 1h 1m']);
  });
});
