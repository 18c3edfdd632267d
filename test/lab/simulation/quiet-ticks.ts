import type { SplitRow } from '@/lib/control/flags/stored-flags';
import { type Blindness, blindness } from '@/lib/control/rollout/as-instances-say';
import type { TickRecord } from '@/lib/control/ticks/tick-record';
import { type LinesWatch, type Seen, watchLines } from '@/lib/replay/line-watch';
import type { Random } from '@/lib/replay/simulate/chance';
import { gridMs } from '@/lib/rule/buckets/history';
import { candidateFacts, decide } from '@/lib/rule/decide';
import { type ArmFacts, type Facts, nothingBeside } from '@/lib/rule/facts';
import type { StraddledWindow } from '@/lib/rule/gauges/gauge';
import { firstArm } from '@/lib/split/policy/policy';
import { latencies } from './event-log';
import { atRest } from './split-state';
import type { World } from './world';

const sampled = 1 / 1000;
const crossed: Readonly<Partial<Record<Seen, number>>> = { breach: 1, held: 2, held_not_luck: 3 };

/**
 * Which ticks need not be run: nothing but their heartbeat row, or an alert that blocks nobody, would come of them. One
 * is run whenever a line acts, the split, the policy, the alerts or what the instances say has changed, rows came late,
 * the tick before was missed, or the plan advances by itself and may; one of ten where a line is crossed or no longer
 * is, and one of 1,000 for no reason. While the candidate gets nothing, nothing is judged in between.
 * `quiet-ticks.test.ts` compares with running every tick.
 */
export class QuietTicks {
  skipped = 0;
  private watch: LinesWatch | null = null;
  private key = 0;
  private standing = 0;
  private lastAt = 0;
  private alerts = 0;

  constructor(
    private readonly world: World,
    private readonly random: Random,
  ) {}

  isQuiet(): boolean {
    const { world } = this;
    const { database } = world;
    const row = database.split;
    const isDue = this.random() < sampled;
    if (database.isAway) return false;
    if (row === null) return this.random() > 0.02;
    const policy = database.policy();
    const blind = this.blindness();
    const dead = world.has('baseline-dead');
    const how = (blind.total ? 20 : 0) + blind.instances.length * 2 + (dead ? 1 : 0);
    const key = (row.version * 100_000 + policy.version) * 100 + how;
    const isNew = key !== this.key || world.isLate || database.alerts.length !== this.alerts;
    if (key !== this.key || world.isLate) this.watch = null;
    this.key = key;
    this.alerts = database.alerts.length;
    const glances = this.look(row, blind);
    let standing = 0;
    for (const look of glances) standing = standing * 4 + (crossed[look] ?? 0);
    const isChanged = standing !== this.standing && (glances.includes('held_not_luck') || this.random() < 0.1);
    this.standing = standing;
    if (isDue || isNew || isChanged || this.wasMissed()) return false;
    if (glances.includes('held_not_luck')) return !this.acts(row, blind);
    return !policy.policy.autoAdvance || !this.mayAdvance(row, glances);
  }

  /** The heartbeat row of a tick that was not run, now or some steps from now. */
  beat(ahead: number, intervalSeconds?: number): void {
    const { database } = this.world;
    const nowMs = this.world.nowMs + ahead * gridMs;
    const slotMs = Math.floor(nowMs / gridMs) * gridMs;
    const { decided } = database.ticks;
    this.skipped += Math.max(1, ahead);
    if (database.decidedSlots.has(slotMs) || decided === null) return;
    const seconds = intervalSeconds ?? decided.intervalSeconds;
    const record: TickRecord = {
      atMs: nowMs,
      slotMs,
      by: 'quiet',
      intervalSeconds: seconds,
      durationMs: 1,
      decision: decided.decision,
      error: null,
      policyVersion: decided.policyVersion,
      weightsVersion: decided.weightsVersion,
    };
    database.ticks = { any: record, decided: record };
    database.decidedSlots.set(slotMs, 1);
    if (database.decidedSlots.size > 400) this.forgetSlots();
  }

  private mayAdvance(row: SplitRow, glances: readonly Seen[]): boolean {
    const { policy } = this.world.database.policy();
    const stage = policy.stages.find(({ name }) => name === this.world.database.view(row)?.stage);
    if (stage?.observeSeconds == null || row.pausedAtMs !== null || glances.some((look) => look !== 'ok')) return false;
    const { candidate, origin, end } = this.world.log;
    const begun = Math.floor((row.stageStartedAtMs ?? 0) / gridMs) - 1 - origin;
    const requests = (candidate.requests[end - origin] ?? 0) - (candidate.requests[begun] ?? 0);
    const waits = this.world.database.alerts.some((alert) => alert.blocks_advance && alert.acknowledged === null);
    if (requests < policy.minRequests || waits) return false;
    return this.world.nowMs - (row.stageStartedAtMs ?? 0) >= (stage.observeSeconds + row.pausedSeconds) * 1000;
  }

  private forgetSlots(): void {
    const { decidedSlots } = this.world.database;
    let left = 300;
    for (const slot of decidedSlots.keys()) if (left-- > 0) decidedSlots.delete(slot);
  }

  private wasMissed(): boolean {
    const { database, nowMs } = this.world;
    const { decided, any } = database.ticks;
    if (decided === null || any?.error) return true;
    const gap = nowMs - decided.atMs;
    return gap > gridMs || gap <= 0;
  }

  private blindness(): Blindness {
    const isCalm = this.world.instances.every(
      ({ spool, isCut, isFrozen }) => spool.length === 0 && !isCut && !isFrozen,
    );
    return isCalm ? { total: false, instances: [] } : blindness(this.world.seen(600), this.world.nowMs);
  }

  private look(row: SplitRow, blind: Blindness): readonly Seen[] {
    const { world } = this;
    const policy = world.database.policy();
    const limit = policy.policy.redLines.find(({ metric }) => metric === 'p95_latency_ms')?.limit ?? null;
    world.log.countSlowFrom(limit);
    if (atRest(row.weights, policy.policy)) {
      this.watch ??= { look: () => [] };
      return [];
    }
    const at = world.index;
    const late = world.isLate || this.watch === null || at !== this.lastAt + 1;
    this.watch ??= watchLines(candidateFacts(this.facts(row, blind), firstArm(policy.policy).candidate), at);
    this.lastAt = at;
    return this.watch.look(at, late);
  }

  /** What `decide` says of the same log, without the way through the store. */
  private acts(row: SplitRow, blind: Blindness): boolean {
    return decide(this.facts(row, blind)).action.kind === 'rollback';
  }

  private facts(row: SplitRow, blind: Blindness): Facts {
    const { world } = this;
    const { policy, version } = world.database.policy();
    const dead = world.has('baseline-dead') && world.seen(15).length > 0;
    const before = row.rolloutStartedAtMs;
    const candidate: ArmFacts = {
      ...nothingBeside,
      history: world.log,
      neighbours: (window) => this.neighbours(window),
      blind: blind.total,
      voucherRateBefore: before === null ? null : this.rateBefore(before),
    };
    return {
      ...{ state: row, policy, policyVersion: version, nowMs: world.nowMs, weightsChangedAtMs: [] },
      arms: { [firstArm(policy).candidate]: candidate },
      baseline: { configured: true, probeOk: !dead },
      environmentCostUsd: null,
      lastTickMs: null,
      gate: null,
    };
  }

  private ratesBefore = new Map<number, NonNullable<ArmFacts['voucherRateBefore']>>();

  private rateBefore(untilMs: number): NonNullable<ArmFacts['voucherRateBefore']> {
    const kept = this.ratesBefore.get(untilMs);
    if (kept) return kept;
    const { log } = this.world;
    const sinceMs = untilMs - 86_400_000;
    const sum = (column: 'vouchers' | 'generated') =>
      log.sum('fal', column, sinceMs, untilMs) + log.sum('runware', column, sinceMs, untilMs);
    const rate = { vouchers: sum('vouchers') + log.looseVouchers(sinceMs, untilMs), generated: sum('generated') };
    this.ratesBefore.set(untilMs, rate);
    return rate;
  }

  private neighbours({ role, fromMs, toMs, limitMs }: StraddledWindow) {
    const bins = this.world.log.bins(role, fromMs / gridMs, toMs / gridMs);
    const seen = latencies.filter((latency) => bins.some(([low]) => low === latency));
    return {
      below: seen.findLast((latency) => latency < limitMs) ?? null,
      atOrAbove: seen.find((latency) => latency >= limitMs) ?? null,
    };
  }
}
