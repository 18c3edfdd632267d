import type { AlertKind } from '@/lib/api/alerts';
import type { AlertStore } from '@/lib/control/alerts/alert-store';
import { firstSplit } from '@/lib/split/split-key';
import type { DataPlane } from '../request/data-plane';
import { deadKeys } from './dead-keys';
import { ownTrouble } from './own-trouble';
import { readHealth } from './read-health';

interface Wanted {
  readonly kind: AlertKind;
  readonly key: string;
  readonly detail: string;
  readonly params?: Readonly<Record<string, string>>;
}

interface Raised {
  readonly kind: AlertKind;
  readonly key: string;
  readonly atMs: number;
  readonly of: string | undefined;
}

const kinds = [
  'weights_invalid',
  'all_providers_down',
  'provider_key_dead',
  'connections_full',
  'local_faults',
] as const;
const againAfterMs = 60_000;

/** What only a process that routes can know; a tick sees the heartbeats alone. */
function dataPlaneAlerts(plane: DataPlane): Wanted[] {
  const wanted: Wanted[] = [];
  const { weights, lanes } = plane;
  if (weights.fault !== null) {
    const detail = `The stored weights are not served, the last good ones are: ${weights.fault}`;
    wanted.push({ kind: 'weights_invalid', key: 'weights', detail });
  }
  for (const { key, slug, weights: own } of plane.splits.all.values()) {
    if (key === firstSplit || own === null || own.fault === null) continue;
    const detail = `The stored weights of '${slug}' are not served, the last good ones are: ${own.fault}`;
    wanted.push({ kind: 'weights_invalid', key, detail, params: { split: key } });
  }
  if (!readHealth(plane).servable) {
    const detail = 'No provider can be called: every breaker is open or no key is set. Requests get 503.';
    wanted.push({ kind: 'all_providers_down', key: 'providers', detail });
  }
  for (const { kind, provider, detail, of } of deadKeys(lanes)) {
    wanted.push({ kind, key: provider, detail, params: { of } });
  }
  for (const { kind, provider, detail } of ownTrouble(lanes, plane.clock.monotonic())) {
    wanted.push({ kind, key: provider, detail });
  }
  return wanted;
}

/** Raises what is so and ends what is over. Raised again now and then: another process may have ended it for itself. */
export class TellAlerts {
  private raised = new Map<string, Raised>();
  private isFirst = true;

  constructor(
    private readonly plane: DataPlane,
    private readonly alerts: AlertStore,
  ) {}

  async tell(): Promise<void> {
    const nowMs = this.plane.clock.monotonic();
    const wanted = new Map(dataPlaneAlerts(this.plane).map((alert) => [`${alert.kind} ${alert.key}`, alert]));
    for (const [name, alert] of wanted) {
      const before = this.raised.get(name);
      const of = alert.params?.of;
      const isOther = before !== undefined && before.of !== of;
      if (before && !isOther && nowMs - before.atMs < againAfterMs) continue;
      // Another process may have said it anew already: only what is of the former key ends.
      if (isOther) await this.alerts.resolve(alert.kind, alert.key, before.of);
      await this.alerts.raise({ ...alert, blocksAdvance: false });
      this.raised.set(name, { kind: alert.kind, key: alert.key, atMs: nowMs, of });
    }
    for (const [name, { kind, key }] of this.isFirst ? this.everything() : this.raised) {
      if (wanted.has(name)) continue;
      await this.alerts.resolve(kind, key);
      this.raised.delete(name);
    }
    if (this.isFirst) await this.endOfOthers(wanted);
    this.isFirst = false;
  }

  /** The same of the other splits, which may be many: in one statement. */
  private async endOfOthers(wanted: ReadonlyMap<string, unknown>): Promise<void> {
    const keys = [...this.plane.splits.all.keys()].filter(
      (key) => key !== firstSplit && !wanted.has(`weights_invalid ${key}`),
    );
    if (keys.length > 0) await this.alerts.resolveAll('weights_invalid', keys);
  }

  /** What the process before this one may have left open. */
  private everything(): Map<string, { readonly kind: AlertKind; readonly key: string }> {
    const keys = ['weights', 'providers', ...this.plane.lanes.keys()];
    const pairs = kinds.flatMap((kind) => keys.map((key) => ({ kind, key })));
    return new Map(pairs.map((pair) => [`${pair.kind} ${pair.key}`, pair]));
  }
}
