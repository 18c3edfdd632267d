import type { Command } from './command';

/** Every verb, loaded when it is asked for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  status: async () => (await import('./status')).status,
  weights: async () => (await import('./weights')).weights,
  advance: async () => (await import('./advance')).advance,
  rollback: async () => (await import('./rollback')).rollback,
  pause: async () => (await import('./pause')).pause,
  resume: async () => (await import('./resume')).resume,
  rearm: async () => (await import('./rearm')).rearm,
  watch: async () => (await import('./watch')).watch,
  journal: async () => (await import('./journal')).journal,
  replay: async () => (await import('./replay')).replay,
  preflight: async () => (await import('./preflight')).preflight,
  policy: async () => (await import('./policy')).policy,
  ack: async () => (await import('./ack')).ack,
  sql: async () => (await import('./sql')).sql,
  retention: async () => (await import('./retention')).retention,
  partition: async () => (await import('./partition')).partition,
  doctor: async () => (await import('./doctor')).doctor,
  operators: async () => (await import('./operators')).operators,
  alerts: async () => (await import('./alerts')).alerts,
};
