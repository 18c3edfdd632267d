'use client';

import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { callApi } from '@/app/_queries/api';
import { forgetKept } from '@/app/_queries/kept';
import { useSnapshot } from '@/app/_queries/snapshot';
import { Button } from '../ui/button';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';

/** `operator:ann` is how the journal writes it; in the corner of one's own screen `ann` is enough. */
const shortName = (name: string) => name.replace(/^operator:/, '');

/** Who am I, what may I do, what is set up, and the way out. */
export function Account() {
  const t = useTranslations('account');
  const tNav = useTranslations('nav');
  const router = useRouter();
  const here = usePathname() === '/settings';
  const me = useSnapshot()?.me;
  if (!me) return null;
  const leave = async () => {
    forgetKept();
    await callApi('/api/session', { method: 'DELETE' }).catch(() => undefined);
    router.push('/sign-in');
  };
  return (
    <div className="flex items-center gap-1.5">
      <Link
        href="/settings"
        aria-label={tNav('settings')}
        title={tNav('settings')}
        aria-current={here ? 'page' : undefined}
        className={classes(
          'grid size-8 place-items-center rounded-control hover:bg-sunken',
          here ? 'bg-selected text-text' : 'text-muted hover:text-text',
        )}
      >
        <Icon name="gear" />
      </Link>
      <span className="max-w-40 truncate text-sm" title={me.name}>
        {shortName(me.name)}{' '}
        {shortName(me.name) !== me.role && <span className="text-muted text-xs">{t(`role.${me.role}`)}</span>}
      </span>
      <Button look="plain" className="px-2 text-muted" onClick={leave}>
        {t('signOut')}
      </Button>
    </div>
  );
}
