'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { isTab, type Page, usePages } from './use-pages';

/** Tabs in the header; on a phone a bar at the thumb. */
export function Nav() {
  const t = useTranslations('nav');
  const pathname = usePathname();
  const { pages, isKnown } = usePages();
  return (
    <nav
      aria-label={t('label')}
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:static md:border-0 md:pb-0"
    >
      {/* Seen when it is known how many there are: none is pushed aside. */}
      <ul className={classes('grid auto-cols-fr grid-flow-col md:flex md:gap-0.5', !isKnown && 'invisible')}>
        {pages.filter(isTab).map((page) => {
          const here = isHere(page, pathname);
          return (
            <li key={page.name}>
              <Link
                href={page.href}
                aria-current={here ? 'page' : undefined}
                className={classes(
                  'flex min-h-12 flex-col items-center whitespace-nowrap justify-center gap-0.5 px-1 text-2xs md:min-h-8 md:flex-row md:rounded-control md:px-2 md:text-sm',
                  here ? 'font-semibold text-text md:bg-selected' : 'text-muted hover:text-text',
                )}
              >
                <Icon name={page.icon} className="size-5 md:hidden" />
                {t(page.name)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function isHere({ name, path, href }: Page, pathname: string): boolean {
  if (path === '/') return pathname === href;
  return pathname.startsWith(href) || (name === 'providers' && ['/models', '/callers'].includes(pathname));
}
