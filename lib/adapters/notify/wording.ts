import type { AlertMessage } from '@/lib/operations/ports';
import { shownText } from '@/lib/rollout/plain-text';
import type { AlertKind } from '@/lib/rollout/snapshot';

const titles: Readonly<Record<AlertKind, string>> = {
  rolled_back: 'Rolled back',
  breach_begun: 'A red line is crossed',
  held_not_acted: 'A red line is held, but not acted on',
  missed_hold: 'A breach came and went while no watchdog ran',
  blind: 'Requests are routed but their events do not arrive',
  watchdog_silent: 'The watchdog is silent',
  store_away: 'The database does not answer',
  provider_key_dead: 'A provider refuses our key',
  provider_unconfigured: 'A provider with a share has no key',
  weights_invalid: 'The stored weights are invalid',
  weights_missing: 'The weights row is gone',
  policy_invalid: 'The stored policy is invalid',
  all_providers_down: 'No provider can serve',
  events_doubted: 'Events come that are not believed',
  test: 'Test message',
};

export interface Wording {
  readonly title: string;
  readonly detail: string;
  /** The permalink to the event; null when this installation does not know its own address. */
  readonly link: string | null;
}

export function wordingOf(message: AlertMessage, publicUrl: string | null): Wording {
  const page = message.journalId === null ? '/' : `/journal/${message.journalId}`;
  return {
    title: `${titles[message.kind] ?? message.kind} · ${message.split}`,
    detail: shownText(message.detail.slice(0, 1500)),
    link: publicUrl === null ? null : `${publicUrl}${page}`,
  };
}
