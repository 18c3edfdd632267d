import { describe, expect, it } from 'vitest';
import { handKey } from '@/app/_components/charts/hand/hand-key';

describe('a key over a chart', () => {
  it.each([
    [{ key: 'ArrowRight' }, { step: 1 }],
    [{ key: 'PageDown' }, { step: -10 }],
    [{ key: '+' }, 'in'],
    [{ key: '-' }, 'out'],
    [{ key: 'Escape' }, 'leave'],
    [{ key: '+', ctrlKey: true }, null],
    [{ key: '-', metaKey: true }, null],
    [{ key: 'ArrowLeft', altKey: true }, null],
    [{ key: 'a' }, null],
    [{ key: 'Tab' }, null],
  ])('%o asks %o', (pressed, asked) => {
    expect(handKey(pressed)).toEqual(asked);
  });
});
