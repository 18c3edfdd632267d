import type { Command } from './command';

/** Every verb, loaded when it is asked for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  status: async () => (await import('./commands/status')).status,
  weights: async () => (await import('./commands/weights')).weights,
  advance: async () => (await import('./commands/advance')).advance,
  rollback: async () => (await import('./commands/rollback')).rollback,
  pause: async () => (await import('./commands/state')).pause,
  resume: async () => (await import('./commands/state')).resume,
  rearm: async () => (await import('./commands/state')).rearm,
  watch: async () => (await import('./commands/watch')).watch,
  journal: async () => (await import('./commands/journal')).journal,
  replay: async () => (await import('./commands/replay')).replay,
  preflight: async () => (await import('./commands/preflight')).preflight,
  policy: async () => (await import('./commands/policy')).policy,
  ack: async () => (await import('./commands/ack')).ack,
  sql: async () => (await import('./commands/sql')).sql,
  retention: async () => (await import('./commands/retention')).retention,
  partition: async () => (await import('./commands/partition')).partition,
  doctor: async () => (await import('./commands/doctor')).doctor,
  operators: async () => (await import('./commands/operators')).operators,
  keys: async () => (await import('./commands/keys')).keys,
  callers: async () => (await import('./commands/callers')).callers,
  alerts: async () => (await import('./commands/alerts')).alerts,
};
