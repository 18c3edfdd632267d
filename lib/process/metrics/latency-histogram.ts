import { type HotPathRecorder, latencyEdges } from './hot-path';

const name = 'sluice_attempt_duration_seconds';

/** The recorder's bins as a Prometheus histogram; prom-client's own would hash labels at each observation. */
export function latencyHistogram(recorder: HotPathRecorder) {
  return {
    name,
    help: 'Latency of attempts, from the call to the last byte.',
    type: 'histogram',
    aggregator: 'sum',
    labelNames: ['provider', 'le'],
    reset() {},
    async get() {
      const values = [...recorder.providers].flatMap(([provider, { buckets, latencySum }]) => {
        let count = 0;
        const lines = latencyEdges.map((edge, at) => {
          count += buckets[at] ?? 0;
          return { metricName: `${name}_bucket`, labels: { le: edge as number | string, provider }, value: count };
        });
        count += buckets[latencyEdges.length] ?? 0;
        return [
          ...lines,
          { metricName: `${name}_bucket`, labels: { le: '+Inf', provider }, value: count },
          { metricName: `${name}_sum`, labels: { provider }, value: latencySum },
          { metricName: `${name}_count`, labels: { provider }, value: count },
        ];
      });
      return { name, help: this.help, type: this.type, aggregator: this.aggregator, values };
    },
  };
}
