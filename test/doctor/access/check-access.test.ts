import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clashingVariables, keyVariable } from '@/lib/config/provider-keys';
import type { AccessFacts } from '@/lib/doctor/access/access-facts';
import { checkAccess } from '@/lib/doctor/access/check-access';
import type { KeysAtHand } from '@/lib/doctor/diagnosis';
import { fingerprintOf, seal } from '@/lib/registry/keys/seal';

const secret = randomBytes(32);
const other = randomBytes(32);
const row = (provider: string, version: number, by = secret) => {
  return { provider, version, sealed: seal(by, { provider, version }, 'a-key'), sealedWith: fingerprintOf(by) };
};

function findings(facts: Partial<AccessFacts>, atHand: Partial<KeysAtHand> = {}) {
  const all = { providers: ['fal', 'kling', 'runware'], keys: [], expiring: [], ...facts };
  return checkAccess(all, {
    secretKey: { secret, from: 'SLUICE_SECRET_KEY' },
    environment: (provider) => (provider === 'runware' ? 'of-the-environment' : null),
    variableOf: keyVariable,
    clashes: clashingVariables(all.providers),
    ...atHand,
  });
}
const lines = (...args: Parameters<typeof findings>) =>
  findings(...args).map(({ check, status, what }) => `${status} ${check}: ${what}`);

describe('the doctor on keys and callers', () => {
  it('says which secret opens them, and where each provider has its key from', () => {
    expect(lines({ keys: [row('fal', 1), row('fal', 2)] })).toEqual([
      `ok secret key: ${fingerprintOf(secret)} opens 2 stored keys`,
      'ok keys: fal stored, version 2; kling none (KLING_API_KEY is not set); runware from RUNWARE_API_KEY',
      'ok callers: no last key of a caller expires within 7 days',
    ]);
  });

  it('needs no secret where no key is stored', () => {
    expect(lines({}, { secretKey: { whyNot: 'SLUICE_SECRET_KEY is not set' } })[0]).toBe(
      'skipped secret key: no key is stored, so none is needed',
    );
  });

  it('names a secret that is lost or another, with what is used in the meantime', () => {
    const keys = [row('runware', 3, other)];
    const [wrong, sources] = findings({ keys });
    expect(wrong).toMatchObject({ status: 'problem', fix: expect.stringContaining('keys set runware') });
    expect(wrong?.what).toBe(
      `runware: key version 3 cannot be read: it is sealed with SLUICE_SECRET_KEY ${fingerprintOf(other)}, and the one set here is ${fingerprintOf(secret)}`,
    );
    expect(sources?.what).toContain('runware from RUNWARE_API_KEY');
    expect(lines({ keys }, { secretKey: { whyNot: 'it is not set' } })[0]).toContain('and none is set here');
  });

  it('names two providers of one variable', () => {
    expect(lines({ providers: ['a-b', 'a_b'] })).toContain(
      'problem keys: A_B_API_KEY would be the key of a-b and a_b, so it is read for neither',
    );
  });

  it('names a caller whose last key ends soon', () => {
    const found = findings({ expiring: [{ caller: 'shop', id: 7, inSeconds: 2 * 86_400 + 5 }] }).at(-1);
    expect(found).toMatchObject({ status: 'problem', check: 'callers', fix: expect.stringContaining('rotate shop') });
    expect(found?.what).toContain('key 7 of shop in 2d');
  });

  it('shows no key', () => {
    const all = JSON.stringify(findings({ keys: [row('fal', 1)] }));
    expect(all).not.toMatch(/a-key|of-the-environment|v1\./);
  });
});
