import type { Control } from '@/lib/control/control';
import { sceneOf } from '@/lib/control/scene/load-scene';
import type { Scene } from '@/lib/control/scene/scene';
import type { TickRecord } from '@/lib/control/ticks/tick-row';
import type { TickScope } from '@/lib/control/ticks/tick-store';
import { isLockTimeout } from '@/lib/control/verbs/roll-back';
import { gridSeconds } from '@/lib/rule/buckets/bucket';
import type { Decision } from '@/lib/rule/verdict';
import { act } from './tick-act';
import { reconcileAlerts } from './tick-alerts';

interface TickRequest {
  /** Which process ticks: `watchdog:host:pid`, `cron`. */
  readonly by: string;
  /** How often this caller ticks: silence is measured by it. Slots are ten seconds, or as short as the interval. */
  readonly intervalSeconds: number;
  /** Shorter than the interval: a tick that cannot end in time must not meet the next one. */
  readonly deadlineMs: number;
}

export type TickOutcome =
  | { readonly result: 'decided'; readonly action: Decision['action']['kind']; readonly tick: TickRecord }
  | { readonly result: 'skipped' }
  | { readonly result: 'failed'; readonly error: string };

/** How often a row that moves under the decision is judged afresh before the next tick takes over. */
const judgements = 5;

/** One evaluation of the red lines: judged and carried out in one transaction, by one process for each slot. */
export async function runTick(control: Control, request: TickRequest): Promise<TickOutcome> {
  try {
    return outcomeOf(await inSlot(control, request));
  } catch (error) {
    return failed(control, request, error);
  }
}

/** A caller once a minute and one every ten seconds share the same slots, so that they never decide twice. */
function slotOf({ by, intervalSeconds, deadlineMs }: TickRequest) {
  return { by, deadlineMs, intervalSeconds: Math.min(gridSeconds, intervalSeconds) };
}

async function inSlot(control: Control, request: TickRequest): Promise<TickRecord | null> {
  const slot = slotOf(request);
  const work = (scope: TickScope) => decideAndAct(control, scope, request);
  try {
    return await control.ticks.inSlot(slot, work);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    // Somebody left `begin; update feature_flags …` open in psql; nothing may keep a rollback waiting.
    await control.ticks.freeSplit(0);
    return control.ticks.inSlot(slot, work);
  }
}

async function decideAndAct({ facts }: Control, scope: TickScope, request: TickRequest) {
  const ticks = { any: scope.previous, decided: scope.previous };
  let scene: Scene;
  for (let judgement = 1; ; judgement++) {
    scene = await sceneOf({ ...scope, facts }, ticks);
    if ((await act(scope, scene, facts.split)) === 'done') break;
    if (judgement >= judgements) throw new Error(`The split moved ${judgements} times while it was being judged.`);
  }
  await reconcileAlerts(scope.alerts, afterwards(scene));
  return {
    atMs: scope.nowMs,
    by: request.by,
    intervalSeconds: request.intervalSeconds,
    decision: scene.decision,
    error: null,
    policyVersion: scene.policy.version,
    weightsVersion: scene.row.version,
  };
}

/** What the tick itself has rolled back is told as that, and its breach is over. */
function afterwards(scene: Scene): Scene {
  if (scene.decision.action.kind !== 'rollback') return scene;
  const row = { ...scene.row, weights: scene.policy.policy.rollback, latched: true, weightsFault: null };
  return { ...scene, row };
}

function outcomeOf(tick: TickRecord | null): TickOutcome {
  if (tick === null) return { result: 'skipped' };
  return { result: 'decided', action: tick.decision?.action.kind ?? 'none', tick };
}

/** A tick that fails is visible state, not a crash and not a silent pass. */
async function failed(control: Control, request: TickRequest, error: unknown): Promise<TickOutcome> {
  const said = error instanceof Error ? error.message : String(error);
  try {
    await control.ticks.recordFailure(slotOf(request), said);
    return { result: 'failed', error: said };
  } catch (unrecorded) {
    const why = unrecorded instanceof Error ? unrecorded.message : String(unrecorded);
    return { result: 'failed', error: `${said} (and it could not be recorded: ${why})` };
  }
}
