import { expect, it } from 'vitest';
import { changedRights } from '@/app/_components/callers/changed-rights';

const caller = { scopes: ['relay'], prefixes: ['/kling'], models: [], quota: { jobs: { in_flight: 3 } } };
const from = { scopes: 'relay', rate: '60' };

it.each([
  ['nothing, where nothing is written', from, {}],
  ['the rate alone, not the scopes that another may have revoked', { ...from, rate: '9' }, { rate_per_minute: 9 }],
  ['a rate that is taken away', { ...from, rate: '' }, { rate_per_minute: null }],
  ['scopes alone', { ...from, scopes: 'relay events' }, { scopes: ['relay', 'events'] }],
  ['what goes along with scopes', { ...from, scopes: 'events' }, { scopes: ['events'], prefixes: [], quota: {} }],
])('sends %s', (_, texts, sent) => expect(changedRights(caller, texts, from)).toEqual(sent));

it('takes no limit away beside a rate, however the scopes stand meanwhile', () =>
  expect(changedRights({ ...caller, scopes: ['events'] }, { ...from, rate: '9' }, from)).toEqual({
    rate_per_minute: 9,
  }));
