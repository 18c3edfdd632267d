import { describe, expect, it } from 'vitest';
import { BadEnvironment, parseEnv } from '@/lib/config/env';
import { maskedEnv } from '@/lib/config/mask';

function faultsOf(source: Record<string, string>): string {
  try {
    parseEnv(source);
    return '';
  } catch (error) {
    if (error instanceof BadEnvironment) return error.message;
    throw error;
  }
}

const long = '0123456789abcdef0123456789abcdef';

describe('the environment', () => {
  it('needs nothing', () => {
    const env = parseEnv({});
    expect(env).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      FAL_BASE_URL: 'https://fal.run',
      SLUICE_ATTEMPT_TIMEOUT_MS: 30_000,
      SLUICE_REQUEST_TIMEOUT_MS: 60_000,
      SLUICE_DATA_DIR: '.data',
    });
  });

  it.each([
    ['', 'empty string'],
    ['"id:secret"', 'quotation mark'],
    ["'id:secret'", 'quotation mark'],
    ['id: secret', 'space'],
    ['id:secret\n', 'line break'],
    ['your-key', 'placeholder'],
    ['your_fal_key_here', 'placeholder'],
    ['changeme', 'placeholder'],
    ['CHANGE-ME', 'placeholder'],
    ['xxx', 'placeholder'],
    ['sk-xxxxxxxx', 'placeholder'],
    ['undefined', 'placeholder'],
    ['null', 'placeholder'],
    ['<fal-key>', 'placeholder'],
    ['$FAL_KEY', 'placeholder'],
    ['ключ', 'HTTP header'],
  ])('refuses FAL_KEY=%j', (value, reason) => {
    const message = faultsOf({ FAL_KEY: value });
    expect(message).toContain('FAL_KEY');
    expect(message).toContain(reason);
    if (value.length > 5) expect(message).not.toContain(value.trim());
  });

  it.each(['0a1b2c3d:4e5f6071', 'rw_live_kXxxQ9', 'your', 'a.b-c~d+e/f='])('accepts the key %s', (value) => {
    expect(parseEnv({ FAL_KEY: value }).FAL_KEY).toBe(value);
  });

  it.each([
    ['https://fal.run/', 'trailing slash'],
    ['https://fal.run/fal-ai', 'path "/fal-ai"'],
    ['fal.run', 'origin'],
    ['ftp://fal.run', 'origin'],
    ['https://user:pw@fal.run', 'password'],
    ['https://fal.run?x=1', '?x=1'],
  ])('refuses FAL_BASE_URL=%s', (value, reason) => {
    expect(faultsOf({ FAL_BASE_URL: value })).toContain(`FAL_BASE_URL`);
    expect(faultsOf({ FAL_BASE_URL: value })).toContain(reason);
  });

  it('names every bad key in one message', () => {
    const message = faultsOf({
      FAL_KEY: '""',
      RUNWARE_BASE_URL: 'https://x/v1',
      PORT: '99999',
      LOG_LEVEL: 'loud',
      CRON_SECRET: 'undefined',
      DATABASE_URL: 'mysql://x',
    });
    for (const key of ['FAL_KEY', 'RUNWARE_BASE_URL', 'PORT', 'LOG_LEVEL', 'CRON_SECRET', 'DATABASE_URL']) {
      expect(message).toContain(key);
    }
  });

  it('asks for API keys when others can reach the port', () => {
    expect(faultsOf({ HOST: '0.0.0.0' })).toContain('SLUICE_API_KEYS');
    expect(faultsOf({ VERCEL: '1' })).toContain('SLUICE_API_KEYS');
    expect(parseEnv({ HOST: '0.0.0.0', SLUICE_API_KEYS: `k1-${long}, k2-${long}` }).SLUICE_API_KEYS).toEqual([
      `k1-${long}`,
      `k2-${long}`,
    ]);
  });

  it('keeps a request at least as long as an attempt', () => {
    expect(faultsOf({ SLUICE_ATTEMPT_TIMEOUT_MS: '5000', SLUICE_REQUEST_TIMEOUT_MS: '4999' })).toContain('4999 ms');
    expect(faultsOf({ SLUICE_ATTEMPT_TIMEOUT_MS: '5000', SLUICE_REQUEST_TIMEOUT_MS: '5000' })).toBe('');
  });

  it('shows no secret', () => {
    const shown = JSON.stringify(
      maskedEnv(
        parseEnv({
          FAL_KEY: 'id-0123456789:secret-abcdef',
          SLUICE_SANDBOX: '1',
          SLUICE_API_KEYS: 'short,long-enough-key-1',
          DATABASE_URL: 'postgres://u:hunter22@h/d?sslkey=abc',
        }),
      ),
    );
    expect(shown).not.toMatch(/secret-ab|short|long-enough|hunter22|=abc/);
    expect(shown).toContain('postgres://u:');
  });

  it('takes several database hosts, one of which is written to, and shows no password of theirs', () => {
    const url = 'postgres://u:hunter22@h1:5432,h2:5433/db?target_session_attrs=read-write';
    expect(parseEnv({ DATABASE_URL: url }).DATABASE_URL).toBe(url);
    expect(maskedEnv(parseEnv({ DATABASE_URL: url })).DATABASE_URL).toBe(url.replace('hunter22', '****'));
    expect(faultsOf({ DATABASE_URL: url.replace('read-write', 'standby') })).toContain('target_session_attrs=standby');
  });

  it.each([
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['localhost', 'localhost'],
  ])('listens at %s without asking for API keys', (given, host) => {
    expect(parseEnv({ HOST: given }).HOST).toBe(host);
  });

  it('takes every IPv6 address for the open one that it is, and no port in HOST', () => {
    expect(faultsOf({ HOST: '::' })).toContain('SLUICE_API_KEYS');
    expect(parseEnv({ HOST: '[::]', SLUICE_API_KEYS: 'k1-abcdef'.repeat(4) }).HOST).toBe('::');
    expect(faultsOf({ HOST: 'localhost:3000' })).toContain('must not carry a port, which PORT sets');
    expect(faultsOf({ HOST: '[::1' })).toContain('neither a host name nor an address');
  });

  it('reads the URLs that hosting integrations set; DATABASE_URL wins, then the pooled one', () => {
    const [own, pooled, direct] = ['own', 'pooled', 'direct'].map((name) => `postgres://u:p@${name}/db`);
    const both = { POSTGRES_URL: pooled, POSTGRES_URL_NON_POOLING: direct };
    expect(parseEnv({ ...both, DATABASE_URL: own }).DATABASE_URL).toBe(own);
    expect(parseEnv(both).DATABASE_URL).toBe(pooled);
    expect(parseEnv({ POSTGRES_URL_NON_POOLING: direct }).DATABASE_URL).toBe(direct);
    expect(JSON.stringify(maskedEnv(parseEnv(both)))).not.toContain(':p@');
  });
});
