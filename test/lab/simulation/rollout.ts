import { blindness } from '@/lib/control/rollout/as-instances-say';
import { Refusal } from '@/lib/kernel/refusal';
import { type Random, seeded } from '@/lib/replay/simulate/chance';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { defaultPolicy, type Policy } from '@/lib/split/policy/policy';
import { tickSplit } from '@/lib/watch/tick-split';
import type { Commit } from './database';
import { type Moment, stepInvariants, writeInvariants } from './invariants';
import { attempt } from './operators';
import { drawPlan, type Plan, stepsPerDay } from './plan';
import type { PlantedBug } from './planted';
import { shortened } from './policies';
import { QuietTicks } from './quiet-ticks';
import type { Task } from './scheduler';
import { Trace } from './trace';
import { World } from './world';

export interface Options {
  readonly seed: number;
  readonly days?: number;
  readonly bug?: PlantedBug;
  readonly keepTrace?: boolean;
  /** Runs every tick for real, the ones that nothing can come of included. */
  readonly everyTick?: boolean;
  /** Nobody freezes and nobody meets: then it depends on no drawing how many ticks are run. */
  readonly calm?: boolean;
}

export interface Violation {
  readonly invariant: string;
  readonly step: number;
  readonly what: string;
}

export interface Outcome {
  readonly seed: number;
  readonly hash: string;
  readonly violation: Violation | null;
  readonly lines: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** One rollout of some days, from its seed alone; it ends at the first violation. */
export async function simulateRollout(options: Options): Promise<Outcome> {
  return new Rollout(options).run();
}

class Rollout {
  private readonly world: World;
  private readonly trace: Trace;
  private readonly plan: Plan;
  private readonly quiet: QuietTicks;
  private violation: Violation | null = null;
  private next = 0;
  private hasWritten = false;
  private missed: Moment['missed'] = null;
  private pending = 0;
  private decidedNow = false;
  private disturbed = false;
  private readonly counts: Record<string, number> = {};

  constructor(private readonly options: Options) {
    const { seed, days = 7, bug = 'none', keepTrace = false } = options;
    this.plan = drawPlan(seeded(seed), Math.round(days * stepsPerDay));
    this.trace = new Trace(keepTrace);
    this.world = new World(this.plan, this.trace, bug, seed, (commit) => this.committed(commit));
    this.quiet = new QuietTicks(this.world, seeded(seed ^ 0x61c88647));
  }

  async run(): Promise<Outcome> {
    const { world, plan } = this;
    world.database.writeSplit(null, task('seed'), { fal: 1, runware: 0 }, bySql, null);
    this.writeFirstPolicy();
    for (let step = 1; step < plan.steps && this.violation === null; step = this.nextStep(step)) {
      if (step > world.step + 1 && this.decidedNow) this.quiet.beat(step - 1 - world.step);
      world.pass(step);
      world.begin();
      this.counts.visited = (this.counts.visited ?? 0) + 1;
      this.decidedNow = false;
      this.disturbed = world.scheduler.hasFrozen();
      if (world.scheduler.hasAwake()) await world.scheduler.settle();
      const due = this.due(step).filter((act) => !this.turnClock(act));
      if (!this.passesQuietly() || due.length > 0) await this.live(due);
      this.check();
    }
    const { journal, ticks } = world.database;
    this.trace.say(`end: ${journal.length} journal rows, ${ticks.decided?.atMs} last tick`);
    const counts = { ...this.counts, writes: journal.length, quiet: this.quiet.skipped };
    return { ...this.options, hash: this.trace.digest(), violation: this.violation, lines: this.trace.lines, counts };
  }

  private due(step: number): string[] {
    const due: string[] = [];
    for (; (this.plan.happenings[this.next]?.step ?? Number.POSITIVE_INFINITY) <= step; this.next++)
      due.push(this.plan.happenings[this.next]?.act ?? '');
    return this.isSilenceNews(step) ? [...due, 'notice-silence'] : due;
  }

  /**
   * The next moment at which anything can be otherwise: rows arrive or leave a window, half or hold, somebody acts or
   * thaws, a trouble turns, or what was just written is read.
   */
  private nextStep(step: number): number {
    const { world, plan } = this;
    if (this.options.everyTick === true || this.hasWritten) {
      this.hasWritten = false;
      return step + 1;
    }
    const { policy } = world.database.policy();
    const longest = Math.max(...policy.redLines.map((line) => line.windowSeconds + line.holdSeconds));
    // At night nothing comes, and once the last row has left every window and hold nothing changes until morning.
    const isNight = step % stepsPerDay > plan.dayEnds + longest / 10 + 120;
    const stride = isNight ? stepsPerDay : strideOf(plan.every, policy);
    const happening = plan.happenings[this.next]?.step ?? Number.POSITIVE_INFINITY;
    const soonest = Math.min((Math.floor(step / stride) + 1) * stride, happening, world.nextTurn);
    return Math.max(step + 1, Math.min(soonest, world.scheduler.nextWake()));
  }

  private writeFirstPolicy(): void {
    const { autoAdvance, literal, shortWindows } = this.plan;
    if (!autoAdvance && !literal && !shortWindows) return;
    const usual = shortWindows ? shortened(defaultPolicy) : defaultPolicy;
    const policy: Policy = { ...usual, autoAdvance, evidence: literal ? 'observed' : 'confirmed' };
    const text = JSON.stringify(formatPolicy(policy));
    this.world.database.writePolicy(task('seed'), text, bySql);
  }

  /** A tick of which nothing would come but its heartbeat, or none because no watchdog runs. */
  private passesQuietly(): boolean {
    if (this.world.has('watchdog-down')) return true;
    if (this.options.everyTick === true || !this.quiet.isQuiet()) return false;
    this.decidedNow = true;
    this.quiet.beat(0, 10);
    return true;
  }

  /** Everybody who does something in these ten seconds, one after another or at once. */
  private async live(due: readonly string[]): Promise<void> {
    const { world } = this;
    const { calm = false } = this.options;
    const ticks = this.decidedNow ? [] : this.tickers();
    const draw = seeded(this.options.seed ^ Math.imul(world.step, 0x9e3779b1));
    const works: (() => Promise<void>)[] = due.map((act, n) => {
      const own = seeded(this.options.seed ^ Math.imul(world.step + n * stepsPerDay * 7, 0x85ebca6b));
      const freeze = own() < 0.04 && !calm ? drawFreeze(own) : null;
      return () => this.act({ name: `${act} ${world.step}.${n}`, freeze }, act, own);
    });
    const meets = draw() < 0.4 && !calm;
    const ticking = meets ? ticks : ticks.slice(0, 1);
    for (const { by, intervalSeconds } of ticking) {
      const freeze = draw() < 0.06 && !calm ? drawFreeze(draw) : null;
      works.push(() => this.tick({ name: by, freeze }, intervalSeconds));
    }
    if (world.scheduler.hasFrozen() || (works.length > 1 && meets)) {
      world.scheduler.together();
      for (const work of works) void this.follow(work());
      await world.scheduler.settle();
    } else {
      for (const work of works) await this.aloneOrFrozen(work);
    }
    this.disturbed ||= this.pending > 0;
    if (ticking.length > 0) world.isLate = false;
  }

  /** Until it is over, or stands still with its process. */
  private async aloneOrFrozen(work: () => Promise<void>): Promise<void> {
    const { scheduler } = this.world;
    const frozen = scheduler.untilFrozen();
    await Promise.race([this.follow(scheduler.runAlone(work)), frozen]);
  }

  private follow(work: Promise<void>): Promise<void> {
    this.pending++;
    return work.finally(() => {
      this.pending--;
    });
  }

  private tickers(): { by: string; intervalSeconds: number }[] {
    const { world, plan } = this;
    if (world.has('watchdog-down')) return [];
    const cron = plan.cron && world.step % 6 === 0 ? [{ by: 'cron', intervalSeconds: 60 }] : [];
    const own = Array.from({ length: plan.watchdogs }, (_, n) => ({ by: `watchdog:${n}`, intervalSeconds: 10 }));
    return [...own, ...cron];
  }

  private async tick(who: Task, intervalSeconds: number): Promise<void> {
    const control = this.world.session(who).control();
    const caller = { by: who.name, intervalSeconds };
    let verdicts: readonly string[] = [];
    let why = '';
    const how = await tickSplit(control, { ...caller, deadlineMs: 8000 }).then(
      (tick) => {
        if (tick === null) return 'skipped';
        this.decidedNow = true;
        verdicts = tick.decision?.lines.map(({ verdict }) => verdict) ?? [];
        return tick.decision?.action.kind ?? 'none';
      },
      async (error: unknown) => {
        this.disturbed = true;
        why = error instanceof Error ? error.message : String(error);
        await control.ticks.recordFailure(caller, why).catch((unrecorded: unknown) => {
          why = `${why} (and it could not be recorded: ${unrecorded})`;
        });
        return 'failed';
      },
    );
    this.count(`tick ${how}`);
    this.trace.say(`${this.world.step} ${who.name}: ${how} ${verdicts.join(' ')}${why}`);
  }

  private async act(who: Task, act: string, random: Random): Promise<void> {
    const how = await attempt(this.world, this.world.session(who), act, random).then(
      (done) => `ok ${done}`,
      (error: unknown) => this.refusal(error),
    );
    this.count(how.startsWith('ok') ? 'acts done' : 'acts refused');
    this.trace.say(`${this.world.step} ${who.name}: ${how}`);
  }

  /** Refusals and a store that is away are how it should be; anything else is a fault of ours. */
  private refusal(error: unknown): string {
    if (error instanceof Refusal) return `refused ${error.code}`;
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined && !/transaction was ended/.test(message)) throw error;
    return `failed ${code}`;
  }

  private turnClock(act: string): boolean {
    if (!act.startsWith('clock-')) return false;
    // Whole minutes: a clock set by less would only move the traffic's beat.
    const steps = 6 * (1 + (this.world.step % 5));
    this.world.setClock(act === 'clock-back' ? -steps : steps);
    this.trace.say(`${this.world.step} ${act} by ${steps * 10} s`);
    this.disturbed = true;
    return true;
  }

  private isSilenceNews(step: number): boolean {
    return step % 60 === 0 && !this.world.database.isAway && this.world.has('watchdog-down');
  }

  private committed(commit: Commit): void {
    const { entry, task: by } = commit;
    this.hasWritten = true;
    this.trace.say(`${this.world.step} ${by.name} wrote ${JSON.stringify({ ...entry, evidence: undefined })}`);
    this.count(`wrote ${entry.verb}`);
    for (const [name, invariant] of ofWrites) this.blame(name, invariant(this.world, commit));
  }

  private check(): void {
    const { world } = this;
    const moment = { judged: this.decidedNow && !this.disturbed, missed: this.missed };
    for (const [name, invariant] of ofSteps) this.blame(name, invariant(world, moment));
    this.lookForMissed();
  }

  private lookForMissed(): void {
    const { world } = this;
    const row = world.database.split;
    if (this.decidedNow || row === null || world.isLate) {
      this.missed = null;
      return;
    }
    const { policy } = world.database.policy();
    if (world.database.isAway || row.rolloutStartedAtMs === null || world.skew !== 0) return;
    if (
      blindness(world.seen(600), world.nowMs).total ||
      world.active.some(({ trouble }) => trouble.kind === 'instance-cut')
    )
      return;
    const line = world.oracle.plainlyHeld(row, policy, world.index);
    if (line !== null) this.missed = { line, version: row.version };
  }

  private blame(invariant: string, what: string | null): void {
    if (what === null || this.violation !== null) return;
    this.violation = { invariant, step: this.world.step, what };
    this.trace.say(`${this.world.step} VIOLATION of ${invariant}: ${what}`);
  }

  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** Any multiple of it is a moment at which a bucket may enter or leave a window, a hold or half a hold. */
const ofWrites = Object.entries(writeInvariants);
const ofSteps = Object.entries(stepInvariants);

const strides = new WeakMap<Policy, number>();

function strideOf(every: number, policy: Policy): number {
  const kept = strides.get(policy) ?? span(policy);
  strides.set(policy, kept);
  return divisor(every, kept);
}

function span({ redLines }: Policy): number {
  const spans = redLines.flatMap(({ windowSeconds, holdSeconds }) => {
    const hold = holdSeconds / 10;
    return [windowSeconds / 10, hold, Math.ceil(hold / 2)];
  });
  return spans.reduce(divisor, 0);
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

function drawFreeze(random: Random): Task['freeze'] {
  const places = ['write', 'commit', 'answer'] as const;
  return { before: places[Math.floor(random() * 3)] ?? 'write', steps: 1 + Math.floor(random() ** 3 * 120) };
}

const bySql = { actor: 'sql:postgres', verb: 'sql', reason: null };
const task = (name: string): Task => ({ name, freeze: null });
