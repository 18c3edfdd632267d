import type { Control } from '../control';
import { gateOf } from './gates-of';
import { blindness } from './instance-facts';
import { judgeNow, readBuckets } from './judge-now';
import type { Scene, SceneSources } from './scene';
import { instanceSeconds, splitAsRouted } from './split-as-routed';

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
