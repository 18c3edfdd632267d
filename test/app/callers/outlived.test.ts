import { expect, it } from 'vitest';
import { outlived } from '@/app/_components/callers/outlived';

const caller = {
  scopes: ['generate', 'relay'],
  prefixes: ['/kling'],
  models: ['kling-*'],
  quota: { jobs: { in_flight: 3 } },
};

it.each([
  [['generate', 'relay'], {}],
  [['generate'], { prefixes: [] }],
  // The caps and the models are of what is relayed, too.
  [['relay'], {}],
  [['events'], { prefixes: [], models: [], quota: {} }],
])('with %j of what it had, %j goes along', (scopes, gone) => expect(outlived(caller, scopes)).toEqual(gone));

it('takes away nothing that is not there', () =>
  expect(outlived({ scopes: ['relay'], prefixes: [], models: [], quota: {} }, ['events'])).toEqual({}));
