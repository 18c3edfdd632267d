import { getTranslations } from 'next-intl/server';
import { type ReactNode, Suspense } from 'react';
import { Footer } from '../_components/shell/footer';
import { Header } from '../_components/shell/header';
import { Live } from '../_components/shell/live';
import { PageFrame } from '../_components/shell/page-frame';
import { SplitName } from '../_components/shell/split-name';
import { StaleGround } from '../_components/shell/stale-ground';
import { StaleStripe } from '../_components/shell/stale-stripe';

export default async function DashboardLayout({ children }: { readonly children: ReactNode }) {
  const t = await getTranslations('app');
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2"
      >
        {t('skip')}
      </a>
      <Suspense>
        <Live />
        <Header />
        <StaleStripe />
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto grid max-w-448 grid-cols-1 content-start gap-3 px-3 py-3 outline-none min-h-dvh md:min-h-[calc(100dvh-84px)] md:px-6"
        >
          <SplitName />
          <StaleGround>
            <PageFrame>{children}</PageFrame>
          </StaleGround>
        </main>
        <Footer />
      </Suspense>
    </>
  );
}
