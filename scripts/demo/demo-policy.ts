/** The default plan with its hours as half minutes: the same rule, sooner. */
export const demoPolicy = {
  stages: [
    { name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observe: '30s' },
    { name: 'D2', weights: { fal: 0.5, runware: 0.5 }, observe: '40s' },
    { name: 'D3', weights: { fal: 0, runware: 1 }, observe: null },
  ],
  redLines: [
    { metric: 'p95_latency_ms', limit: 8000, window: '20s', hold: '20s' },
    { metric: 'failure_rate', limit: 0.02, window: '20s', hold: '20s' },
    { metric: 'cost_per_image', timesBaseline: 1.2, window: '1m', hold: '20s' },
    { metric: 'regenerate_voucher_rate', limit: 0.05, window: '1m', hold: '20s' },
  ],
  minRequests: 40,
};
