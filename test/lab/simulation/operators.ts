import type { Control } from '@/lib/control/control';
import { noticeSilence } from '@/lib/control/instances/notice-silence';
import { acknowledgeAlert } from '@/lib/control/verbs/acknowledge-alert';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { pause } from '@/lib/control/verbs/pause';
import { rearm } from '@/lib/control/verbs/rearm';
import { resume } from '@/lib/control/verbs/resume';
import { rollBack } from '@/lib/control/verbs/roll-back';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { setWeights } from '@/lib/control/verbs/set-weights';
import type { Random } from '@/lib/replay/simulate/chance';
import { advanceTarget } from '@/lib/rule/gates';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy } from '@/lib/split/policy/policy';
import type { Tx } from './database';
import { drawPolicy, shortened } from './policies';
import type { Session } from './session';
import type { World } from './world';

const actor = 'operator:ann';

/** What somebody tries, and how it ends in a few words. Every verb is the real one. */
export async function attempt(world: World, session: Session, act: string, random: Random): Promise<string> {
  const control = session.control();
  if (act === 'notice-silence') return noticeSilence(control);
  if (act.startsWith('raw-')) return rawSql(world, session, act, random);
  if (act.startsWith('policy')) return editPolicy(world, session, act, random);
  if (act === 'psql-left-open') return leaveOpen(world, session);
  if (act === 'rollback') {
    const { version, already } = await rollBack(control, { actor, reason: 'by hand' });
    return already ? 'already' : `v${version}`;
  }
  const { row } = await control.flags.readSplit();
  const seen = row?.version ?? 0;
  const state = { actor, reason: 'because', expectedVersion: seen };
  if (act === 'pause') return said(pause(control, state));
  if (act === 'resume') return said(resume(control, state));
  if (act === 'acknowledge') return acknowledgeAll(control);
  const old = Math.max(1, seen - 1 - Math.floor(random() * 3));
  if (act === 'stale-advance') return advance(control, old, true);
  if (act === 'stale-weights')
    return said(setWeights(control, { ...state, expectedVersion: old, override: true, weights: custom(random) }));
  if (act === 'custom-weights')
    return said(setWeights(control, { ...state, override: random() < 0.5, weights: custom(random) }));
  if (row?.latched) return said(rearm(control, state));
  if (row !== null && row.pausedAtMs !== null) return said(resume(control, state));
  return advance(control, seen, act === 'override');
}

async function said(work: Promise<{ readonly version: number }>): Promise<string> {
  return `v${(await work).version}`;
}

async function advance(control: Control, expectedVersion: number, override: boolean): Promise<string> {
  const [{ row }, { policy }] = [await control.flags.readSplit(), await control.flags.readPolicy()];
  const to = row === null ? policy.stages[0] : advanceTarget(row, policy);
  if (!to) return 'last stage';
  return said(advanceStage(control, { to: to.name, expectedVersion, override, reason: 'onwards', actor }));
}

async function acknowledgeAll(control: Control): Promise<string> {
  const open = (await control.alerts.open()).filter(({ acknowledged }) => acknowledged === null);
  for (const { id } of open) await acknowledgeAlert(control, { id, by: actor, reason: 'seen' });
  return `${open.length}`;
}

function custom(random: Random) {
  const candidate = [0.02, 0.2, 0.5, 0.8][Math.floor(random() * 4)] ?? 0;
  return { fal: 1 - candidate, runware: candidate };
}

async function rawSql({ database }: World, session: Session, act: string, random: Random): Promise<string> {
  const saidBy = { actor: 'sql:bob', verb: 'sql', reason: null };
  await session.turn('write');
  await session.lockRow();
  if (act === 'raw-delete') return `v${database.deleteSplit(session.task, saidBy)?.entry.version ?? 'none'}`;
  const shares = [0, 0, 0.1, 0.5, 1, 0.3];
  const candidate = act === 'raw-garbage' ? 1.5 : (shares[Math.floor(random() * shares.length)] ?? 0);
  const weights = { fal: 1 - candidate, runware: candidate };
  return `v${database.writeSplit(null, session.task, weights, saidBy, null).entry.version}`;
}

async function editPolicy({ database, plan }: World, session: Session, act: string, random: Random): Promise<string> {
  if (act === 'policy-reset') {
    await session.turn('write');
    return `v${database.writePolicy(session.task, null, { actor: 'sql:bob', verb: 'sql', reason: null })}`;
  }
  const control = session.control();
  const { version } = await control.flags.readPolicy();
  const policy = formatPolicy(drawPolicy(random, plan.shortWindows ? shortened(defaultPolicy) : defaultPolicy));
  return said(
    savePolicy(control, { policy, expectedVersion: version, reason: 'tuned', confirm: random() < 0.3, actor }),
  );
}

/** `begin; update …` and lunch. Nothing ends it but `free_flag` or the one who comes back. */
async function leaveOpen({ database, step }: World, session: Session): Promise<string> {
  await session.turn('write');
  if (database.rowLock !== null || database.split === null) return 'nothing to hold';
  const tx: Tx = { task: session.task, endsAtStep: step + 90, isDead: false, row: undefined, commits: [], effects: [] };
  database.rowLock = tx;
  return 'holds the row';
}
