import type { Registry } from 'prom-client';
import { counterIn } from './counter';
import { other } from './split-gauges';

type RelayWhat = 'create' | 'poll' | 'untracked';

interface ArmSeries {
  readonly split: string;
  readonly arm: string;
  requests: number;
  bytesIn: number;
  bytesOut: number;
  readonly jobs: Record<RelayWhat, number>;
}

/** So many arms are labels of their own; what passes through more is counted together. */
const mostArms = 400;

/** What relays carried since the start of this process, by split and arm. */
export class RelaySeries {
  private readonly arms = new Map<string, ArmSeries>();

  passed(split: string, arm: string, bytesIn: number, bytesOut: number): void {
    const series = this.of(split, arm);
    series.requests += 1;
    series.bytesIn += bytesIn;
    series.bytesOut += bytesOut;
  }

  job(split: string, arm: string, what: RelayWhat): void {
    this.of(split, arm).jobs[what] += 1;
  }

  get all(): Iterable<ArmSeries> {
    return this.arms.values();
  }

  private of(split: string, arm: string): ArmSeries {
    const known = this.arms.get(`${split} ${arm}`);
    if (known) return known;
    if (this.arms.size >= mostArms && split !== other) return this.of(other, other);
    const fresh = { split, arm, requests: 0, bytesIn: 0, bytesOut: 0, jobs: { create: 0, poll: 0, untracked: 0 } };
    this.arms.set(`${split} ${arm}`, fresh);
    return fresh;
  }
}

export function registerRelayCounters(registry: Registry, { all }: { readonly all: () => Iterable<ArmSeries> }): void {
  const counter = counterIn(registry);
  counter('sluice_relay_requests_total', 'Requests of relays that were sent on.', ['split', 'arm'], (it) => {
    for (const { split, arm, requests } of all()) it.inc({ split, arm }, requests);
  });
  counter(
    'sluice_relay_bytes_total',
    'Bytes of bodies: `in` from callers, `out` to them.',
    ['split', 'arm', 'direction'],
    (it) => {
      for (const { split, arm, bytesIn, bytesOut } of all()) {
        it.inc({ split, arm, direction: 'in' }, bytesIn);
        it.inc({ split, arm, direction: 'out' }, bytesOut);
      }
    },
  );
  counter(
    'sluice_relay_jobs_total',
    'Requests of relays that have jobs: create, poll, untracked.',
    ['split', 'arm', 'what'],
    (it) => {
      for (const { split, arm, jobs } of all())
        for (const [what, count] of Object.entries(jobs)) if (count > 0) it.inc({ split, arm, what }, count);
    },
  );
}
