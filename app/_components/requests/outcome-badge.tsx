'use client';

import { useTranslations } from 'next-intl';
import type { RequestOutcome } from '@/lib/api/requests-view';
import type { Tone } from '../state/condition';
import { Badge } from '../ui/badge';
import type { IconName } from '../ui/icon';

const looks: Readonly<Record<RequestOutcome, readonly [Tone, IconName]>> = {
  ok: ['well', 'check'],
  rescued: ['caution', 'back'],
  failed: ['breach', 'close'],
  refused: ['unknown', 'dash'],
};

export function OutcomeBadge({ outcome }: { readonly outcome: RequestOutcome }) {
  const t = useTranslations('requests');
  const [tone, icon] = looks[outcome];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`outcome.${outcome}`)}
    </Badge>
  );
}
