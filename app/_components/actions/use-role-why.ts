'use client';

import { useTranslations } from 'next-intl';
import { useSnapshot } from '@/app/_queries/snapshot';
import { mayOperate } from '../state/may';

/** Why this person cannot write, or null. Not knowing who they are is no reason: the API will say. */
export function useRoleWhy(): string | null {
  const t = useTranslations('account');
  const me = useSnapshot()?.me;
  return me && !mayOperate(me.role) ? t('needsOperator', { role: t(`role.${me.role}`) }) : null;
}
