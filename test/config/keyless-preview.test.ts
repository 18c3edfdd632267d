import { describe, expect, it } from 'vitest';
import { parseEnv } from '@/lib/config/env';

const preview = { VERCEL: '1', VERCEL_ENV: 'preview' };

describe('which environment is a keyless preview', () => {
  const database = { DATABASE_URL: 'postgres://u:p@db.example/d' };

  it.each(['preview', 'development', 'staging'])(
    '%s without a provider key is simulated, and needs no key',
    (where) => {
      const env = parseEnv({ ...preview, ...database, VERCEL_ENV: where });
      expect([env.SLUICE_SANDBOX, env.DATABASE_URL]).toEqual([true, undefined]);
    },
  );

  it('uses the database where the sandbox was asked for', () => {
    const env = parseEnv({ ...preview, ...database, SLUICE_SANDBOX: '1' });
    expect([env.SLUICE_SANDBOX, env.DATABASE_URL]).toEqual([true, database.DATABASE_URL]);
  });

  it.each([
    ['production', { VERCEL_ENV: 'production' }],
    ['production that asks for the sandbox', { VERCEL_ENV: 'production', SLUICE_SANDBOX: '1' }],
    ['an environment that is not said', { VERCEL_ENV: undefined }],
    ['a preview that forbids the sandbox', { SLUICE_SANDBOX: '0' }],
    ["a preview with one provider's key", { FAL_KEY: 'id:secret-of-fal' }],
    ['a preview with a key and the sandbox', { RUNWARE_API_KEY: 'secret-of-runware', SLUICE_SANDBOX: '1' }],
  ])('%s still needs SLUICE_API_KEYS', (_, more) => {
    expect(() => parseEnv({ ...preview, ...more })).toThrow('SLUICE_API_KEYS is required on Vercel');
    const env = parseEnv({ ...preview, ...database, ...more, SLUICE_API_KEYS: 'k'.repeat(32) });
    expect([env.SLUICE_SANDBOX, env.DATABASE_URL]).toEqual([
      (more as { SLUICE_SANDBOX?: string }).SLUICE_SANDBOX === '1',
      database.DATABASE_URL,
    ]);
  });
});
