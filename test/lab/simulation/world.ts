import type { SeenInstance } from '@/lib/control/rollout/as-instances-say';
import type { TickRecord } from '@/lib/control/ticks/tick-record';
import { type Random, seeded } from '@/lib/replay/simulate/chance';
import { gridMs } from '@/lib/rule/buckets/history';
import { shareOf } from '@/lib/split/weights';
import { type Commit, Database } from './database';
import { type Arrival, EventLog } from './event-log';
import { Instance } from './instances';
import { Oracle } from './oracle';
import { hours, type Plan, type Span, stepsPerDay, type Trouble } from './plan';
import type { PlantedBug } from './planted';
import { Scheduler, type Task } from './scheduler';
import { Session } from './session';
import type { Trace } from './trace';
import { drawArrival, healthOf } from './traffic';

export const firstIndex = Date.UTC(2026, 0, 5) / gridMs;
const mostSteps = 7 * stepsPerDay;

/** One log for all rollouts of a process: a week of columns is 20 MB. */
let memory: EventLog | null = null;

/** Everything around the operations in one rollout: database, instances, traffic, troubles and the passing of time. */
export class World {
  step = 0;
  /** The database's clock against the passing of time, in steps. */
  skew = 0;
  readonly log: EventLog;
  readonly database: Database;
  readonly scheduler: Scheduler;
  readonly oracle: Oracle;
  readonly instances: readonly Instance[];
  active: Span[] = [];
  /** What a click of this step may have seen: heartbeat and alerts as they were when it began. */
  atStepBegin: { decided: TickRecord | null; alerts: number } = { decided: null, alerts: 0 };
  /** Rows came for buckets that were judged before, or the clock was set. */
  isLate = false;
  private turnsAt = 0;
  private kinds: ReadonlySet<Trouble['kind']> = new Set();
  private readonly starts: Span[];
  private readonly random: Random;
  private health = healthOf([]);

  constructor(
    readonly plan: Plan,
    readonly trace: Trace,
    readonly bug: PlantedBug,
    seed: number,
    onCommit: (commit: Commit) => void,
  ) {
    memory ??= new EventLog(firstIndex - hours, mostSteps + 3 * hours);
    memory.clear();
    this.log = memory;
    this.log.reach(firstIndex);
    this.random = seeded(seed ^ 0x5bd1e995);
    const clock = { nowMs: () => this.nowMs, step: () => this.step };
    this.database = new Database(this.log, clock, bug, onCommit);
    this.scheduler = new Scheduler(seeded(seed ^ 0x2545f491), () => this.step);
    this.oracle = new Oracle(this.log);
    this.instances = [0, 1, 2].map((n) => new Instance(`web-${n}`, seed + n, () => this.step));
    this.starts = [...plan.spans].sort((a, b) => a.from - b.from);
  }

  get index(): number {
    return firstIndex + this.step + this.skew;
  }

  get nowMs(): number {
    return this.index * gridMs + 500;
  }

  session(task: Task): Session {
    return new Session(this.database, this.scheduler, task, (withinSeconds) => this.seen(withinSeconds));
  }

  has(kind: Trouble['kind']): boolean {
    return this.kinds.has(kind);
  }

  seen(withinSeconds: number): SeenInstance[] {
    const baselineOk = !this.has('baseline-dead');
    const since = this.nowMs - withinSeconds * 1000;
    return this.instances.filter(({ seenAtMs }) => (seenAtMs ?? 0) >= since).map((each) => each.heartbeat(baselineOk));
  }

  /** Ten seconds pass: troubles begin and end, requests are served, events travel, instances read the store. */
  pass(step: number): void {
    this.step = step;
    this.turnTroubles();
    this.serve();
    this.log.reach(this.index);
    this.readStore();
  }

  begin(): void {
    const { ticks, alerts } = this.database;
    this.atStepBegin = { decided: ticks.decided, alerts: alerts.length };
  }

  /** The next moment at which a trouble begins or ends. */
  get nextTurn(): number {
    return this.turnsAt;
  }

  setClock(bySteps: number): void {
    this.skew += bySteps;
    this.isLate = true;
    this.log.reach(this.index);
  }

  private turnTroubles(): void {
    if (this.step < this.turnsAt) return;
    const ended = this.active.filter(({ to }) => to <= this.step);
    let begun = 0;
    while ((this.starts[0]?.from ?? Number.POSITIVE_INFINITY) <= this.step) {
      this.active.push(this.starts.shift() as Span);
      begun++;
    }
    this.active = this.active.filter(({ to }) => to > this.step);
    this.turnsAt = Math.min(this.starts[0]?.from ?? Number.POSITIVE_INFINITY, ...this.active.map(({ to }) => to));
    if (ended.length === 0 && begun === 0) return;
    this.kinds = new Set(this.active.map(({ trouble }) => trouble.kind));
    this.health = healthOf(this.active);
    this.database.isAway = this.has('store-away');
    const strikes = (kind: 'instance-cut' | 'instance-frozen', n: number) =>
      this.active.some(({ trouble }) => trouble.kind === kind && trouble.instance === n);
    for (const [n, instance] of this.instances.entries()) {
      instance.isCut = strikes('instance-cut', n);
      instance.isFrozen = strikes('instance-frozen', n);
    }
    const names = this.active.map(({ trouble }) => trouble.kind).join(' ');
    this.trace.say(`${this.step} troubles: ${names || 'none'}`);
  }

  private serve(): void {
    const { plan, step } = this;
    if (step % plan.every !== 0 || step % stepsPerDay > plan.dayEnds || this.has('no-traffic')) return;
    const carrier = this.instances[(step / plan.every) % this.instances.length] as Instance;
    if (carrier.isFrozen) return;
    const candidate = shareOf(carrier.weights.routing.weights, 'runware');
    const expected = (plan.perMinute * plan.every) / 6;
    for (const provider of ['fal', 'runware'] as const) {
      const share = provider === 'runware' ? candidate : 1 - candidate;
      if (share === 0) continue;
      const rows = drawArrival(provider, this.index, expected * share, this.health[provider], this.random);
      if (rows === null) continue;
      carrier.assigned[provider] += rows.requests;
      this.send(carrier, rows);
    }
  }

  private send(carrier: Instance, rows: Arrival): void {
    const lost = this.has('events-lost') && this.active.find(({ trouble }) => trouble.kind === 'events-lost')?.trouble;
    if (lost && lost.kind === 'events-lost' && this.random() < lost.share) return;
    if (this.database.isAway || carrier.isCut || this.has('blind')) carrier.spool.push({ rows, step: this.step });
    else this.log.arrive(rows);
  }

  private readStore(): void {
    const { split } = this.database;
    for (const instance of this.instances) {
      if (this.database.isAway || instance.isCut || instance.isFrozen) continue;
      instance.seenAtMs = this.nowMs;
      instance.read(split);
      if (instance.spool.length > 0 && !this.has('blind')) this.drain(instance);
    }
  }

  /** Events are dated by the database's now minus their age, so a clock that was set moves them along. */
  private drain(instance: Instance): void {
    for (const { rows, step } of instance.spool.splice(0)) {
      const late = this.log.arrive({ ...rows, index: this.index - (this.step - step) });
      this.isLate ||= late;
    }
    this.isLate = true;
    this.log.reach(this.index);
  }
}
