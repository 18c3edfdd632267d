import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '@/lib/api/snapshot';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { setWeights } from '@/lib/control/verbs/set-weights';
import { formatDuration } from '@/lib/kernel/duration';
import { Refusal } from '@/lib/kernel/refusal';
import { isCrossed } from '@/lib/rule/crossed';
import { firstStartLink } from '../start/first-start-link';
import { demoPolicy } from './demo-policy';
import type { Stage } from './open-stage';
import { startTraffic } from './traffic';

type Say = (line: string) => void;
type Shot = Omit<Snapshot, 'me'>;

const actor = 'operator:demo';
const perSecond = 15;
const healthyInD2Ms = 15_000;

/** D1, D2, a regression at the candidate, the automatic rollback: told as it happens. */
export async function tellStory(stage: Stage, say: Say, signal: AbortSignal): Promise<void> {
  await introduce(stage, say);
  const { control } = stage;
  await savePolicy(control, {
    policy: demoPolicy,
    expectedVersion: 0,
    reason: 'time compressed',
    confirm: true,
    actor,
  });
  await setWeights(control, {
    weights: { fal: 1, runware: 0 },
    expectedVersion: 0,
    reason: 'everything at FAL',
    override: false,
    actor,
  });
  const traffic = startTraffic(stage.url, perSecond);
  try {
    await walk(stage, say, signal);
    const { sent, failed } = traffic.counts;
    say(`\nCallers sent ${sent} requests meanwhile; ${failed} of them failed: the baseline rescued the others.`);
  } finally {
    await traffic.stop();
  }
}

async function introduce({ url, hasDashboard, databaseUrl }: Stage, say: Say): Promise<void> {
  say(`\nHours are half minutes here: windows and holds of 20 s, stages of 30 and 40 s. SANDBOX: no provider is real.`);
  say(`Database:  psql '${databaseUrl}'`);
  if (!hasDashboard) return;
  say(`Dashboard: ${url}`);
  say(`Sign in (works once): ${await firstStartLink(databaseUrl, url)}`);
}

async function walk({ control, sandbox }: Stage, say: Say, signal: AbortSignal): Promise<void> {
  const look = () => readSnapshot(control);
  const advance = async (to: string) => {
    const ready = await until(look, (shot) => shot.blockers.length === 0, { say, signal, name: `the gates to ${to}` });
    await advanceStage(control, {
      to,
      expectedVersion: ready.version,
      reason: 'every gate is open',
      override: false,
      actor,
    });
    say(`\n${to}: ${split(await look())}. Look at the stage, its countdown and its checklist.`);
  };
  await advance('D1');
  await advance('D2');
  await sleep(healthyInD2Ms, undefined, { signal });
  sandbox.control('runware', { failureRate: 0.3, status: 500 });
  const broken = performance.now();
  say('\nRunware now fails three requests in ten. Nobody touches anything; look at the failure rate and its red line.');
  const shot = await until(look, ({ stage }) => stage === 'rolled_back', { say, signal, name: 'the watchdog' });
  const seconds = Math.round((performance.now() - broken) / 1000);
  say(`\nRolled back by ${shot.latched?.by} after ${formatDuration(seconds)}: ${split(shot)}.`);
  say(`Why: ${shot.latched?.reason}`);
  await explain(control, shot, say);
}

async function explain(control: Stage['control'], shot: Shot, say: Say): Promise<void> {
  const entry = shot.latched ? await control.journal.get(shot.latched.journal_id) : null;
  const errors = (entry?.evidence as { top_errors?: { kind: string; count: number }[] } | null)?.top_errors ?? [];
  say(
    `Its errors: ${errors.map(({ kind, count }) => `${count} × ${kind}`).join(', ')}. Journal row ${entry?.id}, with every number it judged by.`,
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
async function until(
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

function split({ weights }: Shot): string {
  return Object.entries(weights)
    .map(([name, share]) => `${name} ${Math.round(share * 100)} %`)
    .join(', ');
}
