import Link from 'next/link';
import { useTranslations } from 'next-intl';

/** What an address that leads nowhere shows. */
export function Nowhere() {
  const t = useTranslations('notFound');
  return (
    <div className="mx-auto grid min-h-[60dvh] max-w-md content-center gap-2 p-6">
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      <p className="text-muted">{t('hint')}</p>
      <Link href="/" className="text-link underline underline-offset-2">
        {t('home')}
      </Link>
    </div>
  );
}
