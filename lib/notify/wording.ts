import { shownText } from '@/lib/kernel/plain-text';
import type { AlertMessage, MessageKind } from './outbox';

const titles: Readonly<Record<MessageKind, string>> = {
  rolled_back: 'Rolled back',
  breach_begun: 'A red line is crossed',
  held_not_acted: 'A red line is held, but not acted on',
  early_warning: 'The candidate is worse beyond chance',
  missed_hold: 'A breach came and went while no watchdog ran',
  blind: 'Requests are routed but their events do not arrive',
  watchdog_silent: 'The watchdog is silent',
  store_away: 'The database does not answer',
  provider_key_dead: 'A provider refuses our key',
  provider_unconfigured: 'A provider with a share has no key',
  weights_invalid: 'The stored weights are invalid',
  weights_missing: 'The weights row is gone',
  policy_invalid: 'The stored policy is invalid',
  journal_tampered: 'The database was changed past its guards',
  all_providers_down: 'No provider can serve',
  events_doubted: 'Events come that are not believed',
  connections_full: 'Callers wait for a connection of ours',
  local_faults: 'This machine cannot make its calls',
  jobs_blocked: 'Jobs wait that cannot be looked at',
  jobs_untracked: 'Relayed jobs named no id of their own',
  changed: 'The weights were changed',
  test: 'Test message',
};

/** By the verb of the journal: what was done, before who and why. */
const changes: Readonly<Record<string, string>> = {
  rollback: 'Rolled back by hand',
  advance: 'Advanced',
  override: 'Moved on past a closed gate',
  pause: 'Paused',
  resume: 'Resumed',
  rearm: 'Re-armed',
};

export interface Wording {
  readonly title: string;
  readonly detail: string;
  /** The permalink to the event; null when this installation does not know its own address. */
  readonly link: string | null;
}

/** With the newest hash of the journal: a copy that those who can write the database cannot reach. */
function detailOf({ detail, params }: AlertMessage): string {
  const anchor = params.journal_anchor;
  const said = shownText(detail.slice(0, 1500));
  return typeof anchor === 'string' ? `${said}\n${shownText(anchor)}` : said;
}

export function wordingOf(message: AlertMessage, publicUrl: string | null): Wording {
  const page = message.journalId === null ? '/' : `/journal/${message.journalId}`;
  return {
    title: `${titleOf(message)} · ${message.split}`,
    detail: detailOf(message),
    link: publicUrl === null ? null : `${publicUrl}${page}`,
  };
}

function titleOf({ kind, params }: AlertMessage): string {
  const change = kind === 'changed' && typeof params.verb === 'string' ? changes[params.verb] : undefined;
  return change ?? titles[kind] ?? kind;
}
