'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useDialects } from '@/app/_queries/registry/dialects';
import { useSnapshot } from '@/app/_queries/snapshot';
import { Badge } from '../../ui/badge';
import { ProblemNote } from '../../ui/problem-note';
import { ScrollBox } from '../../ui/scroll-box';
import { DialectForm } from './dialect-form';

/** What relays understand: the dialects that ship, and those of this installation. Read when it is opened. */
export function DialectsPanel() {
  const t = useTranslations('dialects');
  const [open, setOpen] = useState(false);
  const { data, error } = useDialects(open);
  const isAdmin = useSnapshot()?.me.role === 'admin';
  return (
    <details
      className="rounded-panel border bg-surface p-4 text-sm"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer font-semibold">{t('title')}</summary>
      {error && <ProblemNote problem={error} />}
      <ul className="mt-2">
        {data?.dialects.map((dialect) => (
          <li key={dialect.name} className="border-t py-1.5">
            <details>
              <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1">
                <code className="break-all font-mono">{dialect.name}</code>
                <Badge tone="unknown">{t(dialect.shipped ? 'shipped' : 'own')}</Badge>
                <span className="text-muted text-xs">
                  {dialect.providers.length === 0
                    ? t('unspoken')
                    : t('spokenBy', { providers: dialect.providers.join(', ') })}
                </span>
              </summary>
              {!dialect.shipped && isAdmin ? (
                <DialectForm dialect={dialect} />
              ) : (
                <ScrollBox label={t('rulesOf', { name: dialect.name })} className="max-h-96 overflow-y-auto">
                  <pre className="whitespace-pre-wrap break-all rounded-control bg-sunken p-2 font-mono text-xs">
                    {JSON.stringify(dialect.rules, null, 1)}
                  </pre>
                </ScrollBox>
              )}
            </details>
          </li>
        ))}
      </ul>
      {data && isAdmin && (
        <details className="mt-2 border-t pt-2">
          <summary className="cursor-pointer font-medium">{t('addTitle')}</summary>
          <DialectForm dialect={null} />
        </details>
      )}
    </details>
  );
}
