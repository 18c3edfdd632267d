import { binOf, type PricesOfKey } from '@/lib/rule/buckets/bucket';
import { gridIndex, gridMs, total } from '@/lib/rule/buckets/history';
import { mergeBins, type Quartiles, quartilesOf } from '@/lib/rule/buckets/quantile';
import { warningBeganMs } from '@/lib/rule/early-warning';
import type { ArmFacts, FirstOfUsers } from '@/lib/rule/facts';
import { minute } from '@/lib/rule/minutes';
import { day, type RecordedHistory } from './recorded-history';
import { recordedFirsts, recordedRepeats } from './recorded-users';
import type { Recording } from './recording';

const hourMs = 3_600_000;

/** What the live rule reads beside the buckets of one candidate's rollout, as a recording tells it. */
export class RecordedBeside {
  pricesBefore: ArmFacts['pricesBefore'] = null;
  voucherRateBefore: ArmFacts['voucherRateBefore'] = null;
  private startMs: number | null = null;
  private warning: ArmFacts['warning'] = null;
  private users: { readonly to: number; readonly firsts: FirstOfUsers } | null = null;

  constructor(private readonly recording: Recording) {}

  /** Of a rollout that began before the recording only its start is assumed. */
  assume(startMs: number, history: RecordedHistory): void {
    this.startMs = startMs;
    this.renew(startMs, history);
  }

  /** What is frozen when a rollout begins: the baseline's prices and the global voucher rate of the day before. */
  begin(startMs: number, history: RecordedHistory): void {
    const at = gridIndex(startMs);
    const { timeline } = history;
    const over = (column: Float64Array) => total(timeline, column, at - day, at);
    const prices = [...timeline.prices].map(([key, { baseline }]): PricesOfKey => {
      const { priced, costNano, costNanoSquared } = baseline;
      return { key, priced: over(priced), costNano: over(costNano), costNanoSquared: over(costNanoSquared) };
    });
    const known = prices.filter(({ priced }) => priced > 0);
    this.pricesBefore = known.length > 0 ? known : null;
    const { vouchers, generated } = timeline.everyone;
    this.voucherRateBefore = { vouchers: over(vouchers), generated: over(generated) };
    this.assume(startMs, history);
  }

  /** Before each tick. */
  reach(at: number, history: RecordedHistory): void {
    if (this.startMs === null) return;
    const sinceMs = warningBeganMs(this.startMs, at * gridMs);
    if (sinceMs > this.startMs && sinceMs !== this.warning?.sinceMs) this.renew(sinceMs, history);
  }

  /** What a history of another policy counts by. */
  basis(): { readonly floor: number; readonly quartilesMs: Quartiles | null } {
    const floor = this.startMs === null ? Number.NEGATIVE_INFINITY : gridIndex(this.startMs);
    return { floor, quartilesMs: this.warning?.quartilesMs ?? null };
  }

  facts(at: number, history: RecordedHistory) {
    const { recording, pricesBefore, voucherRateBefore, warning } = this;
    return {
      pricesBefore,
      voucherRateBefore,
      warning,
      repeats: (span) => recordedRepeats(recording, history, span),
      users: () => this.firsts(at, history),
    } satisfies Partial<ArmFacts>;
  }

  private firsts(at: number, history: RecordedHistory): FirstOfUsers | null {
    if (this.warning === null) return null;
    // Users are read once a minute.
    const to = Math.floor(at / minute) * minute;
    if (this.users?.to === to) return this.users.firsts;
    const from = gridIndex(this.warning.sinceMs);
    const firsts = recordedFirsts(this.recording, history, { from, to }, this.warning.quartilesMs ?? []);
    this.users = { to, firsts };
    return firsts;
  }

  private renew(sinceMs: number, history: RecordedHistory): void {
    this.users = null;
    this.warning = { sinceMs, quartilesMs: quartilesOf(this.binsOfHour(sinceMs, history)) };
    history.rebase(this.basis(), gridIndex(sinceMs));
  }

  private binsOfHour(toMs: number, history: RecordedHistory) {
    const bins: [number, number][] = [];
    const from = Math.ceil((toMs - hourMs) / gridMs);
    for (const event of history.attempts('baseline', from, gridIndex(toMs))) {
      const latency = this.recording.latencyMs[event] ?? Number.NaN;
      if (latency >= 0) bins.push([binOf(latency), 1]);
    }
    return mergeBins([bins]);
  }
}
