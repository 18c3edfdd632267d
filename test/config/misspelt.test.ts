import { describe, expect, it } from 'vitest';
import { envKeys } from '@/lib/config/env';
import { misspeltNames } from '@/lib/config/misspelt';

describe('a variable that was surely meant for us', () => {
  it.each([
    ['SLUICE_SANDBX', 'SLUICE_SANDBOX'],
    ['SLUICE_API_KEY', 'SLUICE_API_KEYS'],
    ['SLIUCE_ADMIN_TOKEN', 'SLUICE_ADMIN_TOKEN'],
    ['SLUICE_DATADIR', 'SLUICE_DATA_DIR'],
    ['sluice_pooled', 'SLUICE_POOLED'],
    ['RUNWRAE_API_KEY', 'RUNWARE_API_KEY'],
    ['RUNWARE_KEY', 'RUNWARE_API_KEY'],
    ['FAL_API_KEY', 'FAL_KEY'],
    ['FAL_KEYS', 'FAL_KEY'],
    ['DATABSE_URL', 'DATABASE_URL'],
  ])('%s is named, and %s with it', (key, right) => {
    expect(misspeltNames({ [key]: 'x' })).toEqual([{ key, sentence: `is not read by anything; ${right} is` }]);
  });

  it('is not what is known, what is far from everything, or what stands beside the right one', () => {
    expect(misspeltNames(Object.fromEntries(envKeys.map((key) => [key, 'x'])))).toEqual([]);
    const far = { SLUICE_TICK_SECONDS: '5', SLUICE_TEST_SHIFT_MS: '1', PATH: '/bin', VAL_KEY: 'x', HOSTS: 'x' };
    expect(misspeltNames(far)).toEqual([]);
    expect(misspeltNames({ FAL_KEY: 'x', FAL_API_KEY: 'x' })).toEqual([]);
  });
});
