'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useCardLink } from '@/app/_queries/card';
import { useRoleWhy } from '../actions/use-role-why';
import { useProblemSentence } from '../format/use-problem-sentence';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';

/** Copies an address that shows this split as a picture, for a while, to those who are given it. */
export function CardLink() {
  const t = useTranslations('card');
  const why = useRoleWhy();
  const sentence = useProblemSentence();
  const link = useCardLink();
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => {
    setCopied(null);
    const made = await link.mutateAsync().catch(() => null);
    if (made === null) return;
    // Absent on plain http to a LAN address; then it stands there to be copied by hand.
    const isCopied = await navigator.clipboard?.writeText(location.origin + made.path).then(
      () => true,
      () => false,
    );
    setCopied(isCopied ?? false);
  };
  return (
    <span className="flex flex-wrap items-center gap-x-2 text-xs">
      <GatedButton
        look="plain"
        className="px-2 text-xs"
        why={why}
        disabled={link.isPending}
        onClick={() => void copy()}
      >
        <Icon name={copied ? 'check' : 'copy'} />
        {t('button')}
      </GatedButton>
      <span role="status" className="text-muted">
        {link.error && sentence(link.error)}
        {copied !== null && link.data && (
          <>
            {t(copied ? 'copied' : 'byHand')} <Instant at={link.data.ends_at} />
            {!copied && <code className="ml-1 break-all font-mono">{location.origin + link.data.path}</code>}
          </>
        )}
      </span>
    </span>
  );
}
