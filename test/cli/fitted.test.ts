import { expect, it } from 'vitest';
import { fitted } from '@/scripts/sluice/texts/fitted';

it('help is broken between words where its terminal ends, below where it began', () => {
  const help = [
    'sluice jobs [list] | show ID',
    '',
    '  status  where it is and what comes next',
    'a-word-longer-than-all',
  ];
  expect(fitted(help.join('\n'), 21).split('\n')).toEqual([
    'sluice jobs [list] |',
    '  show ID',
    '',
    '  status  where it is',
    '          and what',
    '          comes next',
    'a-word-longer-than-all',
  ]);
  expect(fitted('  a-long-command  what it does', 21)).toBe('  a-long-command  what\n  it does');
  expect(fitted(help.join('\n'), Number.POSITIVE_INFINITY)).toBe(help.join('\n'));
});
