import { describe, expect, it } from 'vitest';
import { type BadEnvironment, parseEnv, type Source } from '@/lib/config/env';

const faultsOf = (source: Source): string[] => {
  try {
    parseEnv(source);
    return [];
  } catch (error) {
    return (error as BadEnvironment).faults.map(({ key, sentence }) => `${key} ${sentence}`);
  }
};

const long = (n: number) => `${n}`.padStart(32, '4f1c9a7be2');
const live = { FAL_KEY: 'id:secret-of-fal', RUNWARE_API_KEY: 'key-of-runware' };
const all = {
  SLUICE_ADMIN_TOKEN: long(1),
  CRON_SECRET: long(2),
  SLUICE_API_KEYS: `${long(3)},${long(4)}`,
  SLUICE_EVENT_KEYS: long(5),
  SLUICE_BACKFILL_KEYS: long(6),
};

describe('secrets', () => {
  it('of 32 characters, each its own, are taken', () => {
    expect(faultsOf({ ...live, ...all })).toEqual([]);
  });

  it.each([
    ['SLUICE_ADMIN_TOKEN', 'a', 'has 1 character; it must have at least 32'],
    ['SLUICE_ADMIN_TOKEN', 'a'.repeat(31), 'has 31 characters; it must have at least 32'],
    ['CRON_SECRET', 'short-secret', 'has 12 characters'],
    ['SLUICE_API_KEYS', `${long(3)},short-key`, '(part 2) has 9 characters'],
    ['SLUICE_EVENT_KEYS', 'short-key', '(part 1) has 9 characters'],
    ['SLUICE_BACKFILL_KEYS', 'short-key', '(part 1) has 9 characters'],
  ])('%s=%s is refused', (key, value, sentence) => {
    const faults = faultsOf({ ...live, ...all, [key]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${key} ${sentence}`);
    expect(faults[0]).not.toContain(`"${value}"`);
  });

  it.each([
    ['CRON_SECRET', long(1), 'CRON_SECRET stands in SLUICE_ADMIN_TOKEN too; each secret needs a value of its own'],
    ['SLUICE_API_KEYS', `${long(3)},${long(2)}`, 'SLUICE_API_KEYS (part 2) stands in CRON_SECRET too'],
    ['SLUICE_API_KEYS', `${long(3)},${long(3)}`, 'SLUICE_API_KEYS (part 2) stands in (part 1) of this list too'],
    ['SLUICE_EVENT_KEYS', long(1), 'SLUICE_EVENT_KEYS (part 1) stands in SLUICE_ADMIN_TOKEN too'],
    ['RUNWARE_API_KEY', live.FAL_KEY, 'RUNWARE_API_KEY stands in FAL_KEY too'],
  ])('%s may not share its value', (key, value, sentence) => {
    for (const where of [live, { SLUICE_SANDBOX: '1', ...live }]) {
      const faults = faultsOf({ ...where, ...all, [key]: value });
      expect(faults.join()).toContain(sentence);
      expect(faults.join()).not.toContain(value);
    }
  });

  describe.each([
    ['in the sandbox', { SLUICE_SANDBOX: '1', ...live }],
    ['without a provider', {}],
    [
      'where the providers are on this machine',
      { ...live, FAL_BASE_URL: 'http://127.0.0.1:1', RUNWARE_BASE_URL: 'http://[::1]:2' },
    ],
  ])('%s', (_, where) => {
    it('may be short as long as nobody else can reach it', () => {
      expect(faultsOf({ ...where, SLUICE_ADMIN_TOKEN: 'a', CRON_SECRET: 'b' })).toEqual([]);
      expect(faultsOf({ ...where, SLUICE_ADMIN_TOKEN: 'a', SLUICE_PUBLIC_URL: 'http://127.0.0.1:3000' })).toEqual([]);
    });

    it.each([
      { HOST: '0.0.0.0', SLUICE_API_KEYS: long(3) },
      { VERCEL: '1', SLUICE_API_KEYS: long(3) },
      { SLUICE_PUBLIC_URL: 'https://sluice.example.com' },
      { SLUICE_ALLOWED_HOSTS: 'sluice.example.com' },
      { SLUICE_TRUST_PROXY: '1' },
    ])('must be long with %j', (reach) => {
      expect(faultsOf({ ...where, ...reach, SLUICE_ADMIN_TOKEN: 'a' }).join()).toContain(
        'SLUICE_ADMIN_TOKEN has 1 character',
      );
    });
  });
});
