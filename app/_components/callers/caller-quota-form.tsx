'use client';

import { useTranslations } from 'next-intl';
import { type CallerView, type JobCaps, jobCaps, useLimitCaller } from '@/app/_queries/registry/callers';
import { useFormats } from '../format/use-formats';
import { useProblemSentence } from '../format/use-problem-sentence';
import { Field } from '../settings/field';
import { Button } from '../ui/button';
import { inputLook } from '../ui/reason-field';
import { useDraft } from './use-draft';

type Texts = Readonly<Record<(typeof jobCaps)[number], string>>;

const textsOf = (caps: JobCaps): Texts => ({
  spend_per_day_usd: String(caps.spend_per_day_usd ?? ''),
  creates_per_day: String(caps.creates_per_day ?? ''),
  in_flight: String(caps.in_flight ?? ''),
});

/** What a caller may spend on jobs a day, beside what it has spent today. */
export function CallerQuotaForm({ caller }: { readonly caller: CallerView }) {
  const t = useTranslations('callers');
  const { usd, count } = useFormats();
  const limit = useLimitCaller();
  const sentence = useProblemSentence();
  const was = textsOf(caller.quota.jobs ?? {});
  const { texts, setTexts, meanwhile } = useDraft(was);
  const isChanged = jobCaps.some((cap) => texts[cap] !== was[cap]);
  const { begun, spent_usd, held_usd, in_flight } = caller.today;
  const capsOf = (): JobCaps =>
    Object.fromEntries(jobCaps.flatMap((cap) => (texts[cap] === '' ? [] : [[cap, Number(texts[cap])]])));
  return (
    <form
      aria-label={t('quotaOf', { name: caller.name })}
      className="grid content-start gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        const jobs = capsOf();
        limit.mutate({ name: caller.name, jobs }, { onSuccess: () => setTexts(textsOf(jobs)) });
      }}
    >
      <p className="text-muted text-xs">
        {t('today', { n: count(begun), usd: usd(spent_usd + held_usd), flying: count(in_flight) })}
      </p>
      <div className="grid grid-cols-3 items-end gap-2">
        {jobCaps.map((cap) => (
          <Field key={cap} label={t(`cap.${cap}`)}>
            <input
              type="number"
              min={0}
              step={cap === 'spend_per_day_usd' ? 'any' : 1}
              placeholder={t('noCap')}
              value={texts[cap]}
              onChange={(event) => setTexts({ ...texts, [cap]: event.target.value })}
              className={`${inputLook} text-sm`}
            />
          </Field>
        ))}
      </div>
      <span className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={!isChanged || limit.isPending}>
          {t('save')}
        </Button>
        {meanwhile.length > 0 && (
          <span role="status" className="text-caution text-sm">
            {t('meanwhile', { now: meanwhile.map((cap) => `${t(`cap.${cap}`)} ${was[cap] || t('noCap')}`).join(', ') })}
          </span>
        )}
        <span role="status" className={limit.error ? 'text-caution text-sm' : 'text-good text-sm'}>
          {limit.error ? sentence(limit.error) : limit.isSuccess && !isChanged ? t('saved') : ''}
        </span>
      </span>
    </form>
  );
}
