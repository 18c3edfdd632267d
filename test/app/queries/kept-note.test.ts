import { expect, it } from 'vitest';
import { noteText, readNote } from '@/app/_queries/kept-note';

const minute = 60_000;
const noon = Date.parse('2026-03-02T12:00:00Z');
const ann = 'operator:ann';
const written = noteText({ at: noon, by: ann, text: '"too slow since ten"' });
const note = { at: noon, by: ann, text: '"too slow since ten"' };

it.each([
  ['who wrote it, also after signing in again', written, ann, 5 * minute, note],
  ['nobody else', written, 'operator:ben', 5 * minute, null],
  ['who wrote it, for a quarter of an hour', written, ann, 15 * minute, note],
  ['nobody later: the next incident is another', written, ann, 15 * minute + 1, null],
  ['nobody from a clock that was ahead', written, ann, -1, null],
  ['nobody where it names none', '"too slow"', ann, minute, null],
  ['nobody where it says nothing', JSON.stringify({ at: noon, by: ann }), ann, minute, null],
  ['nobody where it cannot be read', '{', ann, minute, null],
  ['nobody where there is none', null, ann, minute, null],
])('what is kept is for %s', (_, text, by, laterMs, read) => expect(readNote(text, by, noon + laterMs)).toEqual(read));
