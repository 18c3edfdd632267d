import { Counter, type Registry } from 'prom-client';

/** A counter that is filled when it is scraped. */
export function counterIn(registry: Registry) {
  return (name: string, help: string, labelNames: string[], fill: (it: Counter) => void) =>
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
}
