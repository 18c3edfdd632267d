import type { Door } from '@/lib/access/sign-in';
import type { ChartedControl } from '@/lib/charts/series-store';
import type { Pulse } from '@/lib/postgres/pulse';

/** The same port, whose calls fail as soon as its store is silent instead of holding an operator up. */
export function whileAnswering<T extends object>(port: T, pulse: Pulse): T {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value, target, args);
        return result instanceof Promise ? pulse.whileAnswering(result) : result;
      };
    },
  });
}

/** Ticks keep the deadlines of their own: what a tick decided may land until then. */
export function controlWhileAnswering(control: ChartedControl, pulse: Pulse): ChartedControl {
  const { inSlot, recordFailure } = control.ticks;
  return {
    ...control,
    flags: whileAnswering(control.flags, pulse),
    journal: whileAnswering(control.journal, pulse),
    metrics: whileAnswering(control.metrics, pulse),
    series: whileAnswering(control.series, pulse),
    recordings: whileAnswering(control.recordings, pulse),
    instances: whileAnswering(control.instances, pulse),
    alerts: whileAnswering(control.alerts, pulse),
    ticks: { ...whileAnswering(control.ticks, pulse), inSlot, recordFailure },
    facts: whileAnswering(control.facts, pulse),
  };
}

export function doorWhileAnswering(door: Door, pulse: Pulse): Door {
  return {
    ...door,
    operators: whileAnswering(door.operators, pulse),
    sessions: whileAnswering(door.sessions, pulse),
  };
}
