'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import { useIsList } from '@/app/_queries/splits';
import { classes } from '../ui/classes';
import { Account } from './account';
import { LanguageSwitch } from './language-switch';
import { ThemeSwitch } from './theme-switch';

/** What is running here: the first question of every bug report. */
export function Footer() {
  const t = useTranslations('footer');
  const tSandbox = useTranslations('sandbox');
  const snapshot = useSnapshot();
  const isList = useIsList();
  return (
    <footer className="mx-auto max-w-448 px-3 pt-1 pb-36 text-muted text-xs md:px-6 md:pb-4">
      <div className="mb-3 flex flex-wrap items-center gap-1 xl:hidden">
        <LanguageSwitch />
        <ThemeSwitch />
        <Account />
      </div>
      {/* All at once: one that grows would push the next aside. */}
      {snapshot?.mode === 'sandbox' && <p className="mb-1">{tSandbox('title')}</p>}
      <p className={classes('flex flex-wrap gap-x-4 gap-y-1', !snapshot && 'invisible')}>
        <span>{t('build', { build: snapshot?.build ?? '–' })}</span>
        <span>{t('migration', { migration: snapshot?.migration ?? '–' })}</span>
        {/* Of one split alone. */}
        <span className={classes(isList && 'hidden')}>
          {snapshot?.policy.source === 'row' ? t('policy', { version: snapshot.policy.version }) : t('policyDefault')}
        </span>
        <span className={classes(isList && 'hidden')}>{t('weights', { version: snapshot?.version ?? '–' })}</span>
      </p>
    </footer>
  );
}
