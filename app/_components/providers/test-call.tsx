'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useTestProvider, useTestProviderPlan } from '@/app/_queries/registry/providers';
import type { ProviderTestView, TestAsked } from '@/lib/api/splits-view';
import { useRoleWhy } from '../actions/use-role-why';
import { useFormats } from '../format/use-formats';
import { VendorSaid } from '../format/vendor-said';
import { Button } from '../ui/button';
import { GatedButton } from '../ui/gated-button';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';

/** One real request to a provider: its price first, then what came of it. */
export function TestCall({ name }: { readonly name: string }) {
  const t = useTranslations('provider.test');
  const roleWhy = useRoleWhy();
  const [open, setOpen] = useState(false);
  const plan = useTestProviderPlan(open ? name : null);
  const test = useTestProvider();
  const askedWords = useAskedWords();
  const { usd } = useFormats();
  return (
    <div className="mt-3 grid gap-2 border-t pt-2 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        {!open && (
          <GatedButton why={roleWhy} aria-label={t('of', { name })} onClick={() => setOpen(true)}>
            {t('title')}
          </GatedButton>
        )}
        {open && plan.data && (
          <>
            <span>
              {askedWords(plan.data.asked)} ·{' '}
              {plan.data.cost_usd === null ? t('costUnknown') : t('cost', { usd: usd(plan.data.cost_usd) })}
            </span>
            <Button
              look="solid"
              disabled={test.isPending}
              onClick={() => test.mutate(name, { onSettled: () => setOpen(false) })}
            >
              {test.isPending ? t('sending') : t('send')}
            </Button>
            <Button onClick={() => setOpen(false)}>{t('cancel')}</Button>
          </>
        )}
        {!open && <span className="text-muted text-xs">{t('hint')}</span>}
      </div>
      {open && plan.error && <ProblemNote problem={plan.error} />}
      <div role="status" className="empty:hidden">
        {test.data && <Outcome view={test.data} />}
        {test.error && <ProblemNote problem={test.error} />}
      </div>
    </div>
  );
}

function useAskedWords(): (asked: TestAsked) => string {
  const t = useTranslations('provider.test');
  return (asked) => (asked.kind === 'question' ? t('question') : t('image', { model: asked.model, size: asked.size }));
}

function Outcome({ view }: { readonly view: ProviderTestView }) {
  const t = useTranslations('provider.test');
  const { ms, usd } = useFormats();
  const askedWords = useAskedWords();
  const took = ms(view.latency_ms);
  const cost = view.cost_usd === null ? t('costUnknown') : t('cost', { usd: usd(view.cost_usd) });
  return (
    <p className={`flex items-start gap-1.5 ${view.ok ? 'text-good' : 'text-caution'}`}>
      <Icon name={view.ok ? 'check' : 'alert'} className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        {view.ok ? t('ok', { took }) : t('failed', { took, kind: view.error_kind ?? '–' })} {askedWords(view.asked)} ·{' '}
        {cost}
        {view.error !== null && (
          <span className="block font-mono text-xs">
            <VendorSaid text={view.error} />
          </span>
        )}
        {!view.journaled && <span className="block text-caution text-xs">{t('notJournaled')}</span>}
      </span>
    </p>
  );
}
