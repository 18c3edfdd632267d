import { env } from '@/lib/config/env';
import { processLog } from '@/lib/config/log';
import { inProcess, onceInProcess } from '@/lib/kernel/once-in-process';
import { startAccess } from './build-access';
import type { ControlPlane } from './control-plane';
import { metricsReader } from './metrics-page';
import { type StartedControlPlane, startControlPlane } from './start-control-plane';
import { type Runtime, startRuntime } from './web-runtime';

/** The one runtime of this process: two would be two selectors, two breakers and two spools. The front asks first. */
export function runtime(hasFront = false): Runtime {
  return onceInProcess('runtime', () => startRuntime(env(), processLog(env().LOG_LEVEL, { process: 'web' }), hasFront));
}

/** The control plane of this process; it comes to life with the first request for it. */
export function controlPlane(): StartedControlPlane {
  return onceInProcess('control', () => startControlPlane(runtime(), access()));
}

/** Operators, their sessions and the channels of alerts. */
export function access(): ReturnType<typeof startAccess> {
  const anchor = () => (inProcess().control as ControlPlane | undefined)?.anchor() ?? null;
  return onceInProcess('access', () => startAccess(runtime(), anchor));
}

/** The page of GET /metrics. */
export function metrics(): ReturnType<typeof metricsReader> {
  return onceInProcess('metrics', () => metricsReader(runtime(), controlPlane, access));
}
