import { expect, it } from 'vitest';
import { changedMembers } from '@/app/_components/state/policy/changed-members';
import { registryChange } from '@/app/_components/state/policy/registry-change';

it('a row of the registry is named, and says what of it became otherwise', () => {
  const row = { name: 'fal', label: 'FAL', options: { timeout: 5 }, changed_at: '1' };
  const becomes = JSON.stringify({ ...row, options: { timeout: 9 }, changed_at: '2' });
  expect(registryChange({ was: JSON.stringify(row), becomes })).toEqual({
    name: 'fal',
    members: [{ member: 'options.timeout', was: '5', becomes: '9' }],
  });
  expect(registryChange({ was: null, becomes: JSON.stringify({ split: 'GEN', name: 'new' }) })).toEqual({
    ...{ name: 'GEN/new', members: [] },
  });
  expect(registryChange({ was: 'not json', becomes: '7' })).toEqual({ name: '?', members: [] });
});

it('of a policy the lines and stages are told apart by their names, wherever they stand', () => {
  const line = (metric: string, limit: number) => ({ metric, limit });
  const was = { minRequests: 30, redLines: [line('failure_rate', 0.02), line('p95_latency_ms', 8000)] };
  const becomes = { redLines: [line('p95_latency_ms', 9000), line('failure_rate', 0.02)], autoAdvance: true };
  expect(changedMembers(JSON.stringify(was), JSON.stringify(becomes))).toEqual([
    { member: 'minRequests', was: '30', becomes: '–' },
    { member: 'redLines[p95_latency_ms].limit', was: '8000', becomes: '9000' },
    { member: 'autoAdvance', was: '–', becomes: 'true' },
  ]);
  expect(changedMembers(null, '{}')).toBeNull();
});
