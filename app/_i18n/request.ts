import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { isLocale, localeCookie, localeFor } from './locales';

export default getRequestConfig(async () => {
  const remembered = (await cookies()).get(localeCookie)?.value;
  const locale = isLocale(remembered) ? remembered : localeFor((await headers()).get('accept-language'));
  const { default: messages } = await (locale === 'zh-CN'
    ? import('./messages/zh-CN.json')
    : import('./messages/en.json'));
  return { locale, messages, timeZone: 'UTC' };
});
