import type { SplitRow } from '@/lib/control/flags/stored-flags';
import type { Heartbeat } from '@/lib/control/instances/instance-store';
import { WeightsInMemory } from '@/lib/gateway/weights/weights-in-memory';
import { seeded } from '@/lib/replay/simulate/chance';
import { weightsText } from '@/lib/split/weights';
import type { Arrival } from './event-log';

interface Spooled {
  readonly rows: Arrival;
  readonly step: number;
}

/** A web process: the real memory of weights, a spool, and a heartbeat. */
export class Instance {
  readonly weights: WeightsInMemory;
  readonly assigned = { fal: 0, runware: 0 };
  spool: Spooled[] = [];
  seenAtMs: number | null = null;
  /** The newest version the invariants have seen it route by. */
  checkedVersion: number | null = null;
  isCut = false;
  isFrozen = false;

  constructor(
    readonly id: string,
    seed: number,
    private readonly stepNow: () => number,
  ) {
    const names = { baseline: 'fal', candidates: ['runware'], registered: ['fal', 'runware'], deprecated: [] };
    const constant = { split: 'GEN_PROVIDER_WEIGHTS', configured: ['fal', 'runware'], random: seeded(seed) };
    this.weights = new WeightsInMemory(names, constant, () => this.stepNow() * 10_000);
  }

  /** What it reads of the store; `never back` is the memory's own rule, and an invariant. */
  read(row: SplitRow | null): void {
    if (row !== null && row.version === this.weights.routing.version) return;
    this.weights.offer(row && { version: row.version, text: weightsText(row.weights), stage: row.stage });
  }

  heartbeat(baselineOk: boolean): Heartbeat & { seenAtMs: number } {
    const news = (ok: boolean) => ({
      ...{ ok, latencyMs: 1, error: ok ? null : 'auth', configured: true, breaker: 'closed', simulated: true },
    });
    const oldest = this.spool[0];
    return {
      ...{ id: this.id, kind: 'web', host: 'simulated', pid: 1, build: 'simulated', startedAtMs: 0 },
      ...{
        version: this.weights.routing.version,
        weights: this.weights.routing.weights,
        assigned: { ...this.assigned },
      },
      oldestUnsentMs: oldest === undefined ? null : (this.stepNow() - oldest.step) * 10_000,
      ...{ spoolDepth: this.spool.length, clockSkewMs: 600_000, seenAtMs: this.seenAtMs ?? 0 },
      providers: { fal: news(baselineOk), runware: news(true) },
    };
  }
}
