'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { useLocale } from 'next-intl';
import { useEffect } from 'react';
import { isLocale, type Locale, localeCookie } from '@/app/_i18n/locales';

function remember(locale: Locale) {
  // The Cookie Store API needs a secure context; a LAN address is none.
  const cookie = `${localeCookie}=${locale}; path=/; max-age=31536000; samesite=lax`;
  Reflect.set(document, 'cookie', cookie);
}

/** Remembers the language in a cookie; `?lang=` in a link chooses it for the reader of the link. */
export function LanguageSwitch() {
  const router = useRouter();
  const locale = useLocale();
  const wanted = useSearchParams().get('lang');
  const other: Locale = locale === 'en' ? 'zh-CN' : 'en';

  useEffect(() => {
    if (!isLocale(wanted) || wanted === locale) return;
    remember(wanted);
    router.refresh();
  }, [wanted, locale, router]);

  const change = () => {
    remember(other);
    const url = new URL(window.location.href);
    if (url.searchParams.has('lang')) {
      url.searchParams.set('lang', other);
      router.replace(`${url.pathname}${url.search}`, { scroll: false });
    }
    router.refresh();
  };
  return (
    <button
      type="button"
      onClick={change}
      lang={other}
      className="min-h-8 whitespace-nowrap rounded-control px-2 text-muted text-sm hover:bg-sunken hover:text-text"
    >
      {other === 'en' ? 'English' : '中文'}
    </button>
  );
}
