import Link from 'next/link';
import { getTranslations } from 'next-intl/server';

export default async function NotFound() {
  const t = await getTranslations('notFound');
  return (
    <main className="mx-auto grid min-h-[60dvh] max-w-md content-center gap-2 p-6">
      <h1 className="font-semibold text-xl">{t('title')}</h1>
      <p className="text-muted">{t('hint')}</p>
      <Link href="/" className="text-link underline underline-offset-2">
        {t('home')}
      </Link>
    </main>
  );
}
