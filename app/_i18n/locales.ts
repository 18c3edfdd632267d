const locales = ['en', 'zh-CN'] as const;

export type Locale = (typeof locales)[number];

export const localeCookie = 'sluice_lang';

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The best of ours for an Accept-Language header; any Chinese reads zh-CN better than English. */
export function localeFor(acceptLanguage: string | null): Locale {
  const ranges = (acceptLanguage ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', ...params] = range.trim().split(';');
      const quality = params.find((param) => param.trim().startsWith('q='));
      return { tag: tag.toLowerCase(), quality: quality ? Number(quality.split('=')[1]) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of ranges) {
    if (tag.startsWith('zh')) return 'zh-CN';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}
