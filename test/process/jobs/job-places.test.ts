import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseEnv } from '@/lib/config/env';
import { secretKeyBytes } from '@/lib/config/secret-key';
import { jobPlaces } from '@/lib/process/jobs/job-places';
import { keyParts } from '@/lib/process/provider-settings';
import { ProviderKeys } from '@/lib/registry/keys/provider-keys';
import { fingerprintOf, seal } from '@/lib/registry/keys/seal';
import type { ProviderEntry } from '@/lib/registry/registry';

const secret = randomBytes(32).toString('hex');
const env = parseEnv({ FAL_KEY: 'of:the-environment', SLUICE_SECRET_KEY: secret, NODE_ENV: 'test' });
const entry = (name: string, state: ProviderEntry['state'] = 'active'): ProviderEntry => ({
  ...{ name, adapter: 'fal', label: name, baseUrl: null, options: {}, state, deprecated: false },
});
const place = { provider: 'fal', adapter: 'fal', keyVersion: 0, baseUrl: 'https://fal.run' };

function found(entries: readonly ProviderEntry[], isGuest = false) {
  const keys = new ProviderKeys(keyParts(env, () => entries.map(({ name }) => name)));
  const bytes = secretKeyBytes(secret);
  keys.learn(
    [1, 2].map((version) => {
      const row = { provider: 'fal', version };
      return { ...row, sealed: seal(bytes, row, `key-${version}`), sealedWith: fingerprintOf(bytes) };
    }),
  );
  return jobPlaces({ env, registry: () => ({ providers: entries, dialects: [] }), keys, isGuest });
}

test('each key version is another provider, at the address where the job was made', () => {
  const at = found([entry('fal')]);
  const settings = [0, 1, 2].map((keyVersion) => {
    const of = at({ ...place, keyVersion, baseUrl: 'https://old.fal.test' });
    return 'madeFrom' in of ? JSON.parse(of.madeFrom) : of;
  });
  expect(settings.map(({ key }) => key)).toEqual(['of:the-environment', 'key-1', 'key-2']);
  expect(settings.map(({ baseUrl }) => baseUrl)).toEqual(Array(3).fill('https://old.fal.test'));
});

test('a provider that drains is asked; one that is off or gone is not, and says why', () => {
  expect(found([entry('fal', 'draining')])(place)).toHaveProperty('madeFrom');
  expect(found([entry('fal', 'off')])(place)).toEqual({ whyNot: 'fal is off; set its state to draining or active' });
  expect(found([])(place)).toEqual({ whyNot: 'fal is registered no more; add it again' });
});

test('a key that is gone is said; a watchdog without it leaves the job to a process that may have it', () => {
  const gone = { ...place, keyVersion: 3 };
  const whyNot = 'fal has no key version 3 any more: it was retired';
  expect(found([entry('fal')])(gone)).toEqual({ whyNot, elsewhere: false });
  expect(found([entry('fal')], true)(gone)).toEqual({ whyNot, elsewhere: true });
});

test('what no code here speaks is said', () => {
  expect(found([entry('fal')])({ ...place, adapter: 'betamax' })).toEqual({
    whyNot: "fal is not configured: nothing here speaks 'betamax'",
  });
});
