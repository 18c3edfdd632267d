import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BadEnvironment, parseEnv } from '@/lib/config/env';
import { maskedEnv } from '@/lib/config/mask';
import { clashingVariables, keyVariable } from '@/lib/config/provider-keys';
import { secretKeyBytes, secretKeyFault } from '@/lib/config/secret-key';

const bytes = Buffer.from('8f1d2c3b4a5968778695a4b3c2d1e0ff00112233445566778899aabbccddeef1', 'hex');

describe('SLUICE_SECRET_KEY', () => {
  it.each(['hex', 'base64', 'base64url'] as const)('is 32 bytes in %s', (encoding) => {
    const text = bytes.toString(encoding);
    expect(secretKeyFault(text)).toBeNull();
    expect(Buffer.from(secretKeyBytes(text)).equals(bytes)).toBe(true);
  });

  it.each([
    ['', 'is set to an empty string'],
    ['abc', 'must be 32 bytes, as 64 hexadecimal digits or in base64'],
    [bytes.toString('hex').slice(1), 'must be 32 bytes'],
    [`${bytes.toString('hex')}0`, 'must be 32 bytes'],
    [randomBytes(31).toString('base64'), 'must be 32 bytes'],
    [randomBytes(33).toString('base64'), 'must be 32 bytes'],
    [`"${bytes.toString('hex')}"`, 'contains a quotation mark'],
    [` ${bytes.toString('hex')}`, 'contains a space'],
    ['0'.repeat(64), 'can be guessed'],
    ['ab'.repeat(32), 'can be guessed'],
    ['changeme', 'is a placeholder'],
  ])('is refused as %j, without repeating it', (text, sentence) => {
    const said = secretKeyFault(text);
    expect(said).toContain(sentence);
    if (text.length > 6) expect(said).not.toContain(text);
  });

  it('is named when it is bad, and no other secret may have its value', () => {
    expect(() => parseEnv({ SLUICE_SECRET_KEY: 'short' })).toThrow(BadEnvironment);
    const text = bytes.toString('hex');
    expect(() => parseEnv({ SLUICE_SECRET_KEY: text, SLUICE_ADMIN_TOKEN: text })).toThrow(
      'SLUICE_ADMIN_TOKEN stands in SLUICE_SECRET_KEY too',
    );
  });

  it('and the keys of providers are not shown where the configuration is', () => {
    const env = parseEnv({
      SLUICE_SECRET_KEY: bytes.toString('hex'),
      OPENAI_API_KEY: 'sk-1234567890',
      FAL_KEY: 'a:bcdef',
    });
    const shown = JSON.stringify(maskedEnv(env));
    for (const secret of [bytes.toString('hex'), 'sk-1234567890', 'a:bcdef']) expect(shown).not.toContain(secret);
    expect(shown).toContain('"providerKeys":["OPENAI_API_KEY","FAL_KEY"]');
  });
});

describe('the variable of a provider', () => {
  it.each([
    ['fal', 'FAL_KEY'],
    ['runware', 'RUNWARE_API_KEY'],
    ['openai', 'OPENAI_API_KEY'],
    ['aiml-api', 'AIML_API_API_KEY'],
    ['fal-ai', 'FAL_AI_API_KEY'],
    ['constructor', 'CONSTRUCTOR_API_KEY'],
  ])('of %s is %s', (provider, variable) => expect(keyVariable(provider)).toBe(variable));

  it('may be that of two names', () => {
    expect([...clashingVariables(['a-b', 'fal', 'a_b', 'c'])]).toEqual([['A_B_API_KEY', ['a-b', 'a_b']]]);
  });

  it('holds a key, or what can be none is left out', () => {
    const { providerKeys } = parseEnv({ OPENAI_API_KEY: 'sk-1', X_API_KEY: '"quoted"', Y_API_KEY: '', PATH: '/bin' });
    expect(providerKeys).toEqual({ OPENAI_API_KEY: 'sk-1' });
  });
});
