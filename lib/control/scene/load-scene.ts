import type { AlertView } from '@/lib/api/snapshot';
import type { Bucket } from '@/lib/rule/buckets/bucket';
import type { GateFacts } from '@/lib/rule/gates';
import type { Decision } from '@/lib/rule/verdict';
import type { Control } from '../control';
import type { PolicyRow } from '../flags/policy-reader';
import type { SplitRow } from '../flags/split-row';
import type { TickRecord } from '../ticks/tick-row';
import { gateOf } from './gates-of';
import { type Blindness, blindness, type SeenInstance } from './instance-facts';
import { judgeNow, readBuckets } from './judge-now';
import { instanceSeconds, splitAsRouted } from './split-as-routed';

/** The rollout as it stands at one instant of the database's clock: what every verb and every view judges by. */
export interface Scene {
  readonly nowMs: number;
  readonly row: SplitRow;
  readonly policy: PolicyRow;
  readonly ticks: { readonly any: TickRecord | null; readonly decided: TickRecord | null };
  readonly instances: readonly SeenInstance[];
  readonly alerts: readonly AlertView[];
  readonly buckets: readonly Bucket[];
  readonly blind: Blindness;
  readonly gate: Omit<GateFacts, 'state' | 'policy' | 'nowMs'>;
  readonly decision: Decision;
}

export type SceneSources = Pick<Control, 'flags' | 'metrics' | 'instances' | 'alerts' | 'facts'>;

export async function loadScene(control: Control): Promise<Scene> {
  return sceneOf(control, await control.ticks.last());
}

/** The same from inside a tick's transaction, which knows the ticks already. */
export async function sceneOf(sources: SceneSources, ticks: Scene['ticks']): Promise<Scene> {
  const [split, policy, instances, alerts] = await Promise.all([
    sources.flags.readSplit(),
    sources.flags.readPolicy(),
    sources.instances.list(instanceSeconds),
    sources.alerts.open(),
  ]);
  const { nowMs } = split;
  const row = splitAsRouted(split, policy.policy, instances);
  const known = { nowMs, row, policy, ticks, instances, alerts, blind: blindness(instances, nowMs) };
  const [gate, buckets] = await Promise.all([gateOf(sources.metrics, known), readBuckets(sources.metrics, known)]);
  const decision = await judgeNow(sources, { ...known, gate, buckets });
  return { ...known, gate, buckets, decision };
}
