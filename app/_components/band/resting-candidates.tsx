'use client';

import { useTranslations } from 'next-intl';
import type { ProviderView, Snapshot } from '@/lib/api/snapshot';
import { Said } from '../format/said';
import { useFormats } from '../format/use-formats';
import { candidatesOfPlan, providerOf } from '../state/candidates';
import { healthOf } from '../state/provider-health';
import { isToldByFall, restOf } from './resting';

/** What is known of candidates that nobody is sent to: what the last one fell with, and whether each answers its probe. */
export function RestingCandidates({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('headline.resting');
  const tMetric = useTranslations('metric');
  const { metric } = useFormats();
  const { baseline, providers } = snapshot;
  const rest = restOf(snapshot);
  const names = candidatesOfPlan(snapshot);
  const fell = snapshot.story.attempts.at(-1)?.ended;
  const known = names.flatMap((name) => {
    const provider = providerOf(snapshot, name);
    const view = providers[provider];
    return view === undefined ? [] : [{ name, provider, view }];
  });
  return (
    <p className="mt-1 text-muted text-sm">
      {rest?.name === 'instead' && <>{t('instead', { baseline, arm: rest.arm })} </>}
      {rest && rest.name !== 'instead' && <>{t(rest.name, { arms: names.join(', ') })} </>}
      {fell && fell.metric !== null && fell.value !== null && (
        <>{t('fell', { metric: tMetric(fell.metric), value: metric(fell.metric, fell.value) })} </>
      )}
      {known.map(({ name, provider, view }) => (
        <ProbeSentence key={name} provider={provider} view={view} isTold={isToldByFall(snapshot, view)} />
      ))}
    </p>
  );
}

interface ProbeSentenceProps {
  readonly provider: string;
  readonly view: ProviderView;
  /** Why its requests failed lately is said already. */
  readonly isTold: boolean;
}

/** A probe that answers is no proof that requests would: what they did lately stands with it. */
function ProbeSentence({ provider, view, isTold }: ProbeSentenceProps) {
  const tProbe = useTranslations('headline.resting.probe');
  const { count, duration, ms, percent } = useFormats();
  const { requests, failures, window_seconds: window } = view.recent;
  const health = healthOf(view);
  const words = {
    ...{ provider, took: ms(view.latency_ms), n: count(requests), window: duration(window) },
    share: requests > 0 ? percent(failures / requests) : '–',
  };
  return (
    <>
      {tProbe(isTold && health.name === 'failsRequests' ? 'ok' : health.name, words)}{' '}
      {health.name === 'notOk' && view.error && <Said text={view.error} />}{' '}
    </>
  );
}
