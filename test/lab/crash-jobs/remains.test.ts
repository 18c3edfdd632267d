import { expect, it } from 'vitest';
import { type Entry, faultsOf, type Made, type Remains, type Row, sumsOf, type Told } from './remains';

const told: Told = { prompt: 'a', status: 202, id: 'j1', polled: 'completed' };
const row: Row = { id: 'j1', prompt: 'a', provider: 'runware', state: 'completed', upstreamId: 'v1', ends: 1 };
const made: Made = { id: 'v1', prompt: 'a', provider: 'runware', creates: 1 };
const hold: Entry = { job: 'j1', kind: 'hold', heldUsd: 1 };
const settle: Entry = { job: 'j1', kind: 'settle', heldUsd: -1 };
// It went on to another arm before it was made.
const moves: Entry[] = [-1, 1].map((heldUsd) => ({ ...hold, kind: 'move', heldUsd }));
const good: Remains = { told: [told], rows: [row], made: [made], ledger: [hold, ...moves, settle] };
const unknown: Row = { ...row, state: 'unknown_final', upstreamId: null, ends: 0 };

it('finds no fault where there is none', () => {
  expect(faultsOf(good)).toEqual([]);
  expect(faultsOf({ ...good, told: [{ ...told, status: null, id: null, polled: null }] })).toEqual([]);
  expect(faultsOf({ ...good, rows: [{ ...unknown, provider: 'fal' }], made: [{ ...made, provider: 'fal' }] })).toEqual(
    [],
  );
  expect(faultsOf({ ...good, rows: [{ ...unknown, state: 'refused' }], made: [] })).toEqual([]);
  expect(sumsOf(good)).toContain('1 creates at the vendors = 1 bound rows + 0 unknown rows');
});

it.each<[string, Partial<Remains>]>([
  ['"a" was made 2 times', { made: [{ ...made, creates: 2 }] }],
  ['"a" was made 2 times', { made: [made, { ...made, id: 'v2' }] }],
  ['"b" was made at a vendor, and no row knows of it', { made: [made, { ...made, id: 'v2', prompt: 'b' }] }],
  [
    '"a" has 2 rows',
    {
      rows: [row, { ...row, id: 'j2' }],
      ledger: [hold, settle, { ...hold, job: 'j2' }, { ...settle, job: 'j2', kind: 'void' }],
    },
  ],
  ['the ledger has hold of "a", and 1 USD held', { ledger: [hold] }],
  ['the ledger has hold, settle of "a", and 0.5 USD held', { ledger: [hold, { ...settle, heldUsd: -0.5 }] }],
  ['the ledger has hold, settle, settle of "a", and -1 USD held', { ledger: [hold, settle, settle] }],
  ['the ledger has a hold of a job that no row has', { ledger: [hold, settle, { ...hold, job: 'j9' }] }],
  ['"a" (completed at runware) is bound to what its vendor has not made', { made: [] }],
  ['"a" (refused at runware) was made all the same', { rows: [{ ...row, state: 'refused' }] }],
  ['"a" (running at runware) has not ended', { rows: [{ ...row, state: 'running', ends: 0 }] }],
  ['"a" (completed at runware) has 2 ends in the log, and not 1', { rows: [{ ...row, ends: 2 }] }],
  ['"a" (completed at runware) has 0 ends in the log, and not 1', { rows: [{ ...row, ends: 0 }] }],
  [
    '"a" (unknown_final at runware) is at its vendor and could have been read',
    { rows: [unknown], made: [{ ...made, id: 'j1' }] },
  ],
  ['"a" was answered with an id that no row has', { told: [{ ...told, id: 'j9' }] }],
  ['"a" was answered with an id that cannot be polled', { told: [{ ...told, polled: null }] }],
  ['"a" was answered 202 without an id', { told: [{ ...told, id: null }] }],
])('says that %s', (sentence, change) => {
  expect(faultsOf({ ...good, ...change })).toEqual([sentence]);
});
