import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '@/lib/api/snapshot';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { Refusal } from '@/lib/kernel/refusal';
import { isCrossed } from '@/lib/rule/hold';
import { firstStartLink } from '../start/first-start-link';
import type { Stage } from './open-stage';

export type Say = (line: string) => void;
type Shot = Omit<Snapshot, 'me'>;
type Control = Stage['control'];

export const actor = 'operator:demo';

export async function introduce(
  { url, hasDashboard, databaseUrl }: Stage,
  compressed: string,
  say: Say,
): Promise<void> {
  say(`\n${compressed} SANDBOX: no provider is real.`);
  say(`Database:  psql '${databaseUrl}'`);
  if (!hasDashboard) return;
  say(`Dashboard: ${url}`);
  say(`Sign in (works once): ${await firstStartLink(databaseUrl, url)}`);
}

/** Goes on when every gate is open. */
export async function advanceWhenOpen(
  control: Control,
  to: string,
  { say, signal }: Omit<Waiting, 'name'>,
): Promise<void> {
  const look = () => readSnapshot(control);
  const ready = await until(look, (shot) => shot.blockers.length === 0, { say, signal, name: `the gates to ${to}` });
  const request = { to, expectedVersion: ready.version, reason: 'every gate is open', override: false, actor };
  await advanceStage(control, request);
  say(`\n${to}: ${split(await look())}. Look at the stage, its countdown and its checklist.`);
}

export async function explain(control: Control, shot: Shot, say: Say): Promise<void> {
  const entry = shot.latched ? await control.journal.get(shot.latched.journal_id) : null;
  const errors = (entry?.evidence as { top_errors?: { kind: string; count: number }[] } | null)?.top_errors ?? [];
  const told = errors.map(({ kind, count }) => `${count} × ${kind}`).join(', ');
  say(
    `${told === '' ? 'None of its answers was an error' : `Its errors: ${told}`}. Journal row ${entry?.id}, with every number it judged by.`,
  );
  const request = { to: 'D1', expectedVersion: shot.version, reason: null, override: false, actor };
  const refused = await advanceStage(control, request).catch((error: unknown) => error);
  if (refused instanceof Refusal) say(`And advancing now is refused (${refused.code}): ${refused.message}`);
}

interface Waiting {
  readonly say: Say;
  readonly signal: AbortSignal;
  readonly name: string;
}

/** Looks every second until it is so, saying every few seconds what is still missing. */
export async function until(
  look: () => Promise<Shot>,
  isSo: (shot: Shot) => boolean,
  { say, signal, name }: Waiting,
): Promise<Shot> {
  for (let second = 0; second < 180; second++) {
    const shot = await look();
    if (isSo(shot)) return shot;
    if (second % 10 === 5) say(`  waiting for ${name}: ${waitingFor(shot)}`);
    await sleep(1000, undefined, { signal });
  }
  throw new Error(`${name} did not come within three minutes.`);
}

function waitingFor({ blockers, red_lines }: Shot): string {
  const crossed = red_lines.find(isCrossed);
  return crossed?.explanation ?? blockers[0]?.detail ?? 'the next look';
}

export function split({ weights }: Shot): string {
  return Object.entries(weights)
    .map(([name, share]) => `${name} ${Math.round(share * 100)} %`)
    .join(', ');
}
