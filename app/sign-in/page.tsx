import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { signInWays } from '@/lib/process/sign-in-ways';
import { LanguageSwitch } from '../_components/shell/language-switch';
import { Logo } from '../_components/shell/logo';
import { ThemeSwitch } from '../_components/shell/theme-switch';
import { SignInForm } from '../_components/sign-in/sign-in-form';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('signIn'))('title') };
}

export default async function SignInPage() {
  const t = await getTranslations('signIn');
  return (
    <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-4 p-4">
      <div className="flex items-center gap-2.5">
        <Logo />
        <h1 className="font-semibold text-xl">{t('title')}</h1>
        <span className="ml-auto flex">
          <Suspense>
            <LanguageSwitch />
          </Suspense>
          <ThemeSwitch />
        </span>
      </div>
      <Suspense>
        <SignInForm ways={signInWays()} />
      </Suspense>
      <p className="text-muted text-sm">
        {t.rich('hint', { command: (words) => <code className="whitespace-nowrap font-mono text-xs">{words}</code> })}
      </p>
    </main>
  );
}
