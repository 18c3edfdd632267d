/** What a split of videos has by default, with its minutes as seconds: here a video takes three seconds, and not two minutes. */
export const videoPolicy = (baseline: string, candidate: string) => ({
  baseline,
  candidates: [candidate],
  rollback: { [baseline]: 1, [candidate]: 0 },
  stages: [
    { name: 'D1', weights: { [baseline]: 0.9, [candidate]: 0.1 }, observe: '30s' },
    { name: 'D2', weights: { [baseline]: 0.5, [candidate]: 0.5 }, observe: '40s' },
    { name: 'D3', weights: { [baseline]: 0, [candidate]: 1 }, observe: null },
  ],
  redLines: [
    { metric: 'accept_failure_rate', limit: 0.02, window: '20s', hold: '20s' },
    { metric: 'end_failure_rate', limit: 0.05, window: '30s', hold: '20s' },
    { metric: 'p95_time_to_done_ms', limit: 15_000, window: '30s', hold: '20s' },
    { metric: 'cost_per_unit', timesBaseline: 1.2, window: '1m', hold: '20s' },
  ],
  minRequests: 20,
});
