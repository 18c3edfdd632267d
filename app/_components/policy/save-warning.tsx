'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useId, useRef } from 'react';
import type { ProblemBody } from '@/app/_queries/api';
import { useFormats } from '../format/use-formats';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { inputLook } from '../ui/reason-field';

/** What has to be typed before a policy that does not leave things as they are is saved. */
export const wordToSave = 'save';

interface SaveWarningProps {
  readonly body: ProblemBody;
  readonly typed: string;
  readonly onType: (typed: string) => void;
}

/** Each line that is over now and when it would act, and each that would have acted in the last hour. */
export function SaveWarning({ body, typed, onType }: SaveWarningProps) {
  const t = useTranslations('policy');
  const tMetric = useTranslations('metric');
  const tHindrance = useTranslations('sentence.hindrance');
  const { metric, duration } = useFormats();
  const id = useId();
  const { would, lines = [], open = [], acted = [] } = body;
  const field = useRef<HTMLInputElement>(null);
  // What is asked for now is where the hand goes.
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="grid gap-3" role="alert">
      <div className="flex gap-2 rounded-control bg-caution-soft px-3 py-2 text-caution text-sm">
        <Icon name="alert" className="mt-0.5 size-4" />
        <div className="min-w-0">
          <p className="font-medium">{t('warning')}</p>
          <ul className="list-disc pl-4">
            {would?.kind === 'rollback' && <li>{t('wouldAct')}</li>}
            {would?.kind === 'advance' && <li>{t('wouldAdvance')}</li>}
            {lines.map((line) => (
              <li key={`${line.arm} ${line.metric}`}>
                {t('crossed', {
                  metric: tMetric(line.metric),
                  value: metric(line.metric, line.value),
                  limit: metric(line.metric, line.limit),
                  over: duration(line.breached_for_seconds),
                  hold: duration(line.hold_seconds),
                })}{' '}
                {line.acts_at && <ActsAt at={line.acts_at} />}
                {line.hindrance && tHindrance(line.hindrance)}
              </li>
            ))}
            {open.map((run) => (
              <li key={`${run.arm} ${run.metric}`}>
                {t.rich('open', {
                  metric: tMetric(run.metric),
                  since: () => <Instant at={run.since} />,
                  hold: duration(run.hold_seconds),
                })}{' '}
                {run.acts_at && <ActsAt at={run.acts_at} />}
              </li>
            ))}
            {acted.map(({ metric: name, from, to }) => (
              <li key={`${name} ${from}`}>
                {t.rich('acted', {
                  metric: tMetric(name),
                  from: () => <Instant at={from} />,
                  to: () => <Instant at={to} />,
                })}
              </li>
            ))}
          </ul>
        </div>
      </div>
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="font-medium text-sm">
          {t.rich('typeToSave', {
            code: (chunks) => <code className="rounded bg-sunken px-1.5 py-0.5 font-mono">{chunks}</code>,
          })}
        </label>
        <input
          id={id}
          ref={field}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={wordToSave}
          className={`${inputLook} font-mono`}
        />
      </div>
    </div>
  );
}

function ActsAt({ at }: { readonly at: string }) {
  const t = useTranslations('policy');
  return <b className="font-semibold">{t.rich('actsAt', { at: () => <Instant at={at} /> })}</b>;
}
