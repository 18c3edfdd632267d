import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import { registerCounters, registerGauges } from './gauges';
import type { HotPathRecorder } from './hot-path';
import { registerJobCounters } from './job-metrics';
import { latencyHistogram } from './latency-histogram';
import type { Readings } from './readings';
import { registerRelayCounters } from './relay-series';

export type MetricsPage = Readonly<ReturnType<typeof metricsPage>>;

export function metricsPage(recorder: HotPathRecorder, build: string) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'sluice_' });
  // Gauges that are named like counters: promtool refuses them.
  for (const what of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`sluice_nodejs_active_${what}_total`);
  const setGauges = registerGauges(registry);
  let routed: Readings['routed'] = [];
  let jobCounts: Readings['jobCounts'] | null = null;
  registerCounters(registry, recorder, () => routed);
  registerRelayCounters(registry, { all: () => recorder.relays.all });
  registerJobCounters(registry, () => jobCounts);
  registry.registerMetric(latencyHistogram(recorder) as unknown as Metric);
  registry.registerMetric(buildInfo(build) as unknown as Metric);
  return {
    contentType: registry.contentType,
    /** The whole page in Prometheus' text format. */
    async render(readings: Readings): Promise<string> {
      ({ routed, jobCounts } = readings);
      setGauges(readings);
      return registry.metrics();
    },
  };
}

function buildInfo(build: string) {
  const name = 'sluice_build_info';
  const about = { name, help: 'The build, as a label; always 1.', type: 'gauge', aggregator: 'first' };
  return {
    ...about,
    labelNames: ['build'],
    reset() {},
    get: async () => ({ ...about, values: [{ labels: { build }, value: 1 }] }),
  };
}
