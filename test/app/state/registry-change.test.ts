import { expect, it } from 'vitest';
import { registryChange } from '@/app/_components/state/registry-change';

it('a row of the registry is named, and says what of it became otherwise', () => {
  const row = { name: 'fal', label: 'FAL', options: { timeout: 5 }, changed_at: '1' };
  const becomes = JSON.stringify({ ...row, options: { timeout: 9 }, changed_at: '2' });
  expect(registryChange({ was: JSON.stringify(row), becomes })).toEqual({
    name: 'fal',
    members: [{ member: 'options', was: '{"timeout":5}', becomes: '{"timeout":9}' }],
  });
  expect(registryChange({ was: null, becomes: JSON.stringify({ split: 'GEN', name: 'new' }) })).toEqual({
    ...{ name: 'GEN/new', members: [] },
  });
  expect(registryChange({ was: 'not json', becomes: '7' })).toEqual({ name: '?', members: [] });
});
