'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useHasJobs } from '@/app/_queries/jobs';
import { useRequestsHref } from '@/app/_queries/requests';
import { useSplitPlace } from '@/app/_queries/split';
import { classes } from '../ui/classes';
import { Icon, type IconName } from '../ui/icon';

const pages = [
  ['overview', '/', 'gauge'],
  ['metrics', '/charts', 'chart'],
  ['providers', '/providers', 'server'],
  ['requests', '/requests', 'search'],
  ['jobs', '/jobs', 'film'],
  ['journal', '/journal', 'book'],
  ['policy', '/policy', 'rules'],
] as const satisfies readonly (readonly [string, string, IconName])[];

/** Tabs in the header; on a phone a bar at the thumb. */
export function Nav() {
  const t = useTranslations('nav');
  const place = useSplitPlace();
  const path = usePathname();
  const hasJobs = useHasJobs();
  const requests = useRequestsHref();
  // What a split of jobs is asked for are its jobs, and those lead to their requests.
  const shown = pages.filter(([name]) => name !== (hasJobs ? 'requests' : 'jobs'));
  return (
    <nav
      aria-label={t('label')}
      className="fixed inset-x-0 bottom-0 z-30 border-t bg-surface pb-[env(safe-area-inset-bottom)] md:static md:border-0 md:pb-0"
    >
      {/* Seen when it is known how many there are: none is pushed aside. */}
      <ul
        className={classes('grid auto-cols-fr grid-flow-col md:flex md:gap-0.5', hasJobs === undefined && 'invisible')}
      >
        {shown.map(([name, href, icon]) => {
          const at = name === 'requests' ? requests() : place.href(href);
          const here = href === '/' ? path === at : path.startsWith(at) || (name === 'providers' && path === '/models');
          return (
            <li key={name}>
              <Link
                href={at}
                aria-current={here ? 'page' : undefined}
                className={classes(
                  'flex min-h-12 flex-col items-center whitespace-nowrap justify-center gap-0.5 px-1 text-2xs md:min-h-8 md:flex-row md:rounded-control md:px-2 md:text-sm',
                  here ? 'font-semibold text-accent md:bg-accent-soft' : 'text-muted hover:text-text',
                )}
              >
                <Icon name={icon} className="size-5 md:hidden" />
                {t(name)}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
