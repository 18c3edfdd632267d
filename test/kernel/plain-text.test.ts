import { describe, expect, it } from 'vitest';
import { hiddenTextFault, shownLines, shownText } from '@/lib/kernel/plain-text';

describe('text that people read', () => {
  it.each([
    ['a\u001b]0;owned\u0007', 'U+001B at character 2'],
    ['😀\nforged', 'U+000A at character 2'],
    ['\u009b31m', 'U+009B at character 1'],
    ['abc\u202edcb', 'U+202E at character 4'],
    ['\u2066x', 'U+2066 at character 1'],
    ['a\u2028b', 'U+2028 at character 2'],
    ['\0', 'U+0000 at character 1'],
  ])('%j is refused by its code point and place', (text, place) => {
    expect(hiddenTextFault('the reason', text)).toContain(`the reason holds ${place};`);
  });

  it.each(['', 'why not', 'Ünïcödé 回退 😀', 'عربى \u200f', 'a\u200db'])('%j is taken', (text) => {
    expect(hiddenTextFault('the reason', text)).toBeNull();
    expect(shownText(text)).toBe(text);
  });

  it('is shown with what is hidden written out, as JSON would', () => {
    expect(shownText('a\u001b[2J\nb\u202e')).toBe('a\\u001b[2J\\u000ab\\u202e');
    expect(shownLines('a\n\tb\u001b')).toBe('a\n\tb\\u001b');
    const value = { reason: '\u009b\u202e\u001b"' };
    expect(JSON.parse(shownText(JSON.stringify(value)))).toEqual(value);
  });
});
