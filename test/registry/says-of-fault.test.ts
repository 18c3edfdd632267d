import { expect, it } from 'vitest';
import { saysOfFault } from '@/lib/registry/says-of-fault';

it('takes a sentence of the database apart, and leaves alone what it does not know', () => {
  const of = { noun: 'provider', name: 'acme', done: 'changed' };
  const said = (fault: string) => saysOfFault(`provider acme was not changed: ${fault}`).says;
  const rule = 'must be an origin such as "https://api.example.com", without a path or a slash at its end';
  expect(said(`base_url is "ftp://x; it"; it ${rule}`)).toEqual({
    ...{ key: 'fault-rule', ...of, place: 'base_url', value: '"ftp://x; it"', rule },
  });
  expect(said(`state is missing; it must be active, draining or off`)).toMatchObject({ key: 'fault-missing' });
  expect(said('label is 99 characters long; at most 80 are allowed')).toMatchObject({ n: '99', most: '80' });
  expect(said('options has the unknown key "pat_prefix"; check its spelling')).toMatchObject({ value: 'pat_prefix' });
  expect(said('a wording of its own')).toBeUndefined();
  expect(saysOfFault('the sea is rough')).toEqual({});
  expect(saysOfFault('arm a of GEN was not removed: label is empty; it must say something').says).toMatchObject({
    ...{ noun: 'arm', name: 'a of GEN', done: 'removed', place: 'label' },
  });
});
