'use client';

import { useTranslations } from 'next-intl';
import type { RedLineView, Snapshot } from '@/lib/api/snapshot';
import { formatInstant } from '../format/instant';
import { oddsOf } from '../format/odds';
import { useFormats } from '../format/use-formats';
import { useWho } from '../format/use-who';
import { closedGatesOf } from '../overview/gates';
import { useGateSentence } from '../overview/use-gate-sentence';
import { candidateShare } from '../state/candidates';
import { countedAs } from '../state/counted-as';
import { isTheirsToo } from '../state/lines/is-theirs-too';
import { useLineName } from '../state/use-line-name';
import { useStageName } from '../state/use-stage-name';
import type { Countdown } from './countdown-of';

interface Words {
  /** Above the big figure. */
  readonly label: string;
  /** In its place, where nothing is counted. */
  readonly word: string;
  /** It is too long for a line. */
  readonly isSentence?: boolean;
  readonly note: string;
}

/** What is said around the clock, for each thing that it may count to. */
export function useCountdownWords(snapshot: Snapshot): (countdown: Countdown) => Words {
  const t = useTranslations('countdown');
  const tLuck = useTranslations('sentence');
  const stageName = useStageName();
  const lineName = useLineName(snapshot);
  const { count, duration, locale, metric, odds, percent } = useFormats();
  const who = useWho();
  const { next, observation, latched, paused } = snapshot;
  const isTold = snapshot.alerts.some(({ kind, acknowledged }) => kind === 'rolled_back' && acknowledged === null);
  const isArmed = snapshot.watchdog.alive && snapshot.red_lines.some(({ action }) => action === 'rollback');
  const armed = isArmed ? t('armed') : '';
  const together = (...parts: readonly string[]) => parts.filter(Boolean).join(' ');
  const { unmet, first } = closedGatesOf(snapshot);
  const gateSentence = useGateSentence(snapshot);
  // One alone is named; how many of several is said, and the list has them.
  const alone = unmet === 1 && first !== undefined ? gateSentence(first, true) : null;
  const stage = next === null ? '' : stageName(next.name);
  const nextShare = next === null ? '' : percent(candidateShare(snapshot, next.weights));
  const requests = t('requests', {
    of: countedAs(snapshot.red_lines),
    requests: observation.requests,
    count: count(observation.requests),
    needed: count(observation.needed_requests),
  });
  const said = (line: RedLineView) => ({
    metric: lineName(line),
    value: metric(line.metric, line.value),
    limit: metric(line.metric, line.limit),
  });
  const luckOf = ({ evidence }: RedLineView): string | null => {
    const rare = evidence && evidence.chance > evidence.threshold ? oddsOf(evidence.chance) : null;
    return rare === null ? null : odds(rare);
  };
  const lineNote = (line: RedLineView): string => {
    const luck = luckOf(line);
    const stays = t('ifItStays', said(line));
    const theirs = { baseline: snapshot.baseline, arm: line.arm, value: metric(line.metric, line.baseline_value) };
    return together(
      stays,
      luck === null ? '' : t('luckFirst', { odds: luck }),
      isTheirsToo(line) ? t('theirsToo', theirs) : '',
      t('pausing'),
    );
  };
  return (countdown) => {
    const { kind } = countdown;
    const label = t(`label.${kind}`, { stage });
    const plain = (word: string, note: string): Words => ({ label, word, note });
    const gates = (note: string): Words =>
      alone === null
        ? plain(t('word.waits_for_gates', { unmet }), note)
        : { label, word: alone, note, isSentence: true };
    switch (kind) {
      case 'away':
        return plain(
          '',
          t('note.away', { at: formatInstant(countdown.at, Date.parse(snapshot.now), locale, undefined) }),
        );
      case 'rolled_back':
        return plain('', together(t('note.rolled_back', { by: who(latched?.by) }), isTold ? t('acknowledging') : ''));
      case 'rolls_back':
        return plain('', lineNote(countdown.line));
      case 'rolls_back_now':
        return plain(t('word.rolls_back_now'), t('isOver', said(countdown.line)));
      case 'unwatched':
        return plain(t('word.unwatched'), t('isOver', said(countdown.line)));
      case 'held_back': {
        const luck = luckOf(countdown.line);
        const word = luck === null ? t('word.held_back') : t('oneIn', { odds: luck });
        return plain(word, t('isOver', said(countdown.line)));
      }
      case 'needs_you':
        return plain(t('word.needs_you'), tLuck(`hindrance.${countdown.line.hindrance ?? 'shared_cause'}`));
      case 'paused': {
        const { needed_seconds: needed, served_seconds: served } = observation;
        const left = needed === null ? '' : t('leftOf', { left: duration(Math.max(0, needed - served)) });
        const by = who(paused?.by);
        const at = formatInstant(countdown.at, Date.parse(snapshot.now), locale, undefined);
        const why = paused?.reason
          ? t('note.pausedFor', { by, at, reason: paused.reason })
          : t('note.paused', { by, at });
        return plain('', together(why, left, armed));
      }
      case 'last_stage':
        return plain('', together(t('note.last_stage'), armed));
      case 'eligible_in':
        return plain(
          '',
          together(requests, t(snapshot.policy.auto_advance ? 'byItself' : 'byPerson', { stage }), armed),
        );
      case 'waits_for_gates':
        return gates(together(requests, armed));
      case 'to_start_blocked':
      case 'to_start_again_blocked':
        return gates(t('note.to_start_again'));
      case 'nothing':
        return plain('–', '');
      case 'waits_for_you':
      case 'goes_on':
        return plain(t(`word.${kind}`), together(t(`note.${kind}`), armed));
      default:
        return plain(t(`word.${kind}`, { stage, share: nextShare }), t(`note.${kind}`, { stage }));
    }
  };
}
