'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { Snapshot } from '@/lib/api/snapshot';
import { areSeveral, hasEnough, requestsOf } from '../state/candidates';
import { countedAs } from '../state/counted-as';
import { useStageName } from '../state/use-stage-name';
import { classes } from '../ui/classes';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { type Gate, gatesOf } from './gates';
import { useGateSentence } from './use-gate-sentence';

const looks = {
  ok: { icon: 'check', text: 'text-good' },
  waiting: { icon: 'clock', text: 'text-muted' },
  failing: { icon: 'alert', text: 'text-breach' },
  later: { icon: 'dash', text: 'text-muted' },
} as const;

type Item = NonNullable<Gate['item']>;

/** What the plan asks of this stage and what keeps the next one closed, in one list; what is open still comes first. */
export function GateList({ snapshot }: { readonly snapshot: Snapshot }) {
  const t = useTranslations('checklist');
  const stageName = useStageName();
  const gates = gatesOf(snapshot);
  const done = gates.filter(({ state }) => state === 'ok').length;
  const all = gates.filter(({ state }) => state !== 'later').length;
  const later = gates.length - all;
  return (
    <Panel
      title={t('title', { stage: stageName(snapshot.stage) })}
      aside={
        <span className="text-muted text-xs">
          {t('doneOf', { done, all })}
          {later > 0 && ` · ${t('later', { later })}`}
        </span>
      }
      className="lg:col-start-2 lg:row-start-1"
    >
      <ul className="text-sm">
        {gates.map((gate) => (
          <GateLine key={gate.key} gate={gate} snapshot={snapshot} />
        ))}
      </ul>
    </Panel>
  );
}

function GateLine({ gate, snapshot }: { readonly gate: Gate; readonly snapshot: Snapshot }) {
  const t = useTranslations('checklist');
  const sentence = useGateSentence(snapshot);
  const locale = useLocale();
  const several = areSeveral(snapshot);
  const { item, blockers, state } = gate;
  const sentences = blockers.map((blocker) => sentence(blocker));
  const nameOf = ({ id, arm }: Item): string => {
    if (several && id === 'providers_well') return t('everyProvider');
    return arm === undefined ? t(`item.${id}`) : `${arm}: ${t(`item.${id}`)}`;
  };
  const missing = item ? missingOf(item, snapshot) : 0;
  return (
    <li className="flex gap-2 border-t py-0.5 first:border-t-0">
      <Icon name={looks[state].icon} className={classes('mt-0.5 size-3.5', looks[state].text)} />
      <span className="min-w-0 flex-1" title={locale === 'en' ? item?.detail : undefined}>
        {item ? nameOf(item) : sentences.join(' ')}
        {item &&
          sentences.map((words) => (
            <span key={words} className="block text-muted text-xs">
              {words}
            </span>
          ))}
      </span>
      <span className={classes('text-xs leading-[18px] whitespace-nowrap', looks[state].text)}>
        {state === 'waiting' && missing > 0
          ? t('more', { count: missing, of: countedAs(snapshot.red_lines) })
          : t(`state.${state}`)}
      </span>
    </li>
  );
}

/** Nothing crosses this line, and yet there is too little to tick it. */
function missingOf({ id, arm = '' }: Item, snapshot: Snapshot): number {
  const of = arm === '' ? snapshot.candidate : arm;
  const isClear = snapshot.red_lines.some(
    (line) => line.metric === id && line.arm === of && line.verdict === 'ok' && !hasEnough(snapshot, of),
  );
  return isClear ? snapshot.observation.needed_requests - requestsOf(snapshot, of) : 0;
}
