import { expect, it } from 'vitest';
import { SplitsInMemory } from '@/lib/gateway/weights/splits-in-memory';
import { shippedRegistry } from '@/lib/registry/shipped-registry';

const make = () => new SplitsInMemory({ lanes: new Map(), random: () => 0.5, monotonic: () => 0 });
const reading = { ...shippedRegistry, version: 3, faults: [] };

it('makes what ships where a store of an earlier version tells of no models', () => {
  const splits = make();
  splits.learn({ ...reading, models: [] });
  expect(splits.models.of('runware', 'flux-schnell')?.id).toBe('runware:100@1');
});

it('keeps its index of the models while only weights and arms change', () => {
  const splits = make();
  splits.learn(reading);
  const { models } = splits;
  splits.learn({ ...reading, version: 4 });
  expect(splits.models).toBe(models);
  splits.learn({ ...reading, version: 5, models: reading.models.filter(({ alias }) => alias === 'flux-dev') });
  expect(splits.models.of('fal', 'flux-schnell')).toBeNull();
  expect(splits.first.models).toBe(splits.models);
});
