import { describe, expect, it } from 'vitest';
import { isLocale, localeFor } from '@/app/_i18n/locales';

describe('localeFor', () => {
  it.each([
    [null, 'en'],
    ['', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['zh-TW', 'zh-CN'],
    ['de-DE,de;q=0.9', 'en'],
    ['de-DE, zh;q=0.5, en;q=0.7', 'en'],
    ['zh;q=0, en', 'en'],
    ['*', 'en'],
  ])('%s → %s', (header, locale) => {
    expect(localeFor(header)).toBe(locale);
  });
});

describe('isLocale', () => {
  it('accepts ours and nothing else', () => {
    expect(['en', 'zh-CN', 'zh', 'EN', undefined, '__proto__'].map(isLocale)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
