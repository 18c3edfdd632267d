import type { JobRef, JobSeen } from '@/lib/gateway/providers/job-calls';
import type { RunningDeadline, StartDeadline } from '@/lib/kernel/deadline';
import type { Tally } from '../job-counts';
import type { Reached } from './job-providers';
import { blockedForMs, intervalMs, learn } from './learn';
import type { LeasedJob } from './lease';
import { Pause } from './pause';
import { putBack, type Settlement } from './settle';

export type Reachable = Extract<Reached, { calls: object }>;

interface LaneParts {
  readonly monotonic: () => number;
  readonly random: () => number;
  readonly startDeadline: StartDeadline;
  readonly settled: (seen: Settlement) => void;
  readonly looks: Tally;
  /** Calls to one place at once. */
  readonly calls: number;
  readonly callWithinMs: number;
  /** A look begins within so long of its lease, or not at all: it must be over before another process may look. */
  readonly startWithinMs: number;
}

interface Held {
  readonly job: LeasedJob;
  readonly leasedAtMs: number;
  readonly reached: Reachable;
}

/** So many rounds of calls may wait; what is more is put back, or one vendor that hangs would hold everything. */
const roundsWaiting = 8;

/** The looks at the jobs of one place: so many calls at once, each for as many jobs as the vendor tells of in one. */
export class JobLane {
  private waiting: Held[] = [];
  private readonly running = new Set<RunningDeadline>();
  private readonly pause: Pause;
  private isStopping = false;

  constructor(private readonly parts: LaneParts) {
    this.pause = new Pause(parts.random);
  }

  /** Jobs that wait here or are being looked at. */
  get held(): number {
    return this.waiting.length + this.asked;
  }

  private asked = 0;

  /** false: too many wait here. Nothing is asked before `pump`, so that jobs leased together are asked for together. */
  take(job: LeasedJob, leasedAtMs: number, reached: Reachable): boolean {
    if (this.waiting.length >= this.parts.calls * reached.calls.perPoll * roundsWaiting) return false;
    this.waiting.push({ job, leasedAtMs, reached });
    return true;
  }

  /** What waits is given back; the calls that run go on until they are cut. */
  stop(): void {
    this.isStopping = true;
    this.pump();
  }

  cut(): void {
    for (const deadline of this.running) deadline.cut();
  }

  pump(): void {
    const { monotonic, calls } = this.parts;
    while (this.waiting.length > 0) {
      const nowMs = monotonic();
      if (this.putsBackFirst(nowMs)) continue;
      if (this.running.size >= calls) return;
      void this.ask(this.group());
    }
  }

  /** Whether the first in line must go on waiting. */
  private putsBackFirst(nowMs: number): boolean {
    const [first] = this.waiting;
    if (first === undefined) return false;
    const { startWithinMs, settled, random } = this.parts;
    const { job, reached, leasedAtMs } = first;
    const pause = this.pause.at(nowMs);
    const isLate = nowMs - leasedAtMs > startWithinMs;
    if (!this.isStopping && !pause && !isLate) return false;
    this.waiting.shift();
    if (this.isStopping || !pause) settled(putBack(job, 0));
    else if (pause.blocked !== null) settled(putBack(job, blockedForMs, pause.blocked));
    else settled(putBack(job, pause.leftMs + random() * reached.calls.pace.firstMs));
    return true;
  }

  /** A call each for jobs that are to be cancelled; the others together, as far as they are reached alike. */
  private group(): readonly Held[] {
    const [first] = this.waiting;
    if (first === undefined) return [];
    const { reached } = first;
    const together = isToCancel(first.job)
      ? 1
      : this.waiting
          .slice(0, reached.calls.perPoll)
          .findIndex((each) => each.reached.calls !== reached.calls || isToCancel(each.job));
    const count = together === -1 ? reached.calls.perPoll : together;
    return this.waiting.splice(0, count);
  }

  private async ask(group: readonly Held[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const { parts } = this;
    const deadline = parts.startDeadline(parts.callWithinMs);
    const { use } = first.reached;
    this.running.add(deadline);
    this.asked += group.length;
    use.running += 1;
    try {
      if (isToCancel(first.job)) await this.cancel(first, deadline);
      else await this.look(group, first.reached, deadline);
    } finally {
      deadline.clear();
      use.running -= 1;
      this.running.delete(deadline);
      this.asked -= group.length;
    }
    this.pump();
  }

  private async look(group: readonly Held[], { calls }: Reachable, deadline: RunningDeadline): Promise<void> {
    const { settled, looks, random, monotonic } = this.parts;
    const answers = await calls.poll(group.map(refOf), deadline.signal).catch(unreadAll(group.length));
    this.pause.heard(answers, monotonic());
    group.forEach(({ job }, at) => {
      const seen = answers[at] ?? { kind: 'unread', errorKind: 'malformed', message: 'no answer', retryAfterMs: null };
      const isCut = seen.kind === 'unread' && seen.errorKind === 'cut';
      looks.add(job.provider, seen.kind === 'unread' ? seen.errorKind : 'seen');
      settled(isCut ? putBack(job, 0) : learn(job, seen, calls, random));
    });
  }

  /** What became of it is for the next look to say. */
  private async cancel({ job, reached }: Held, deadline: RunningDeadline): Promise<void> {
    const { settled, random } = this.parts;
    const { calls } = reached;
    const said = await calls
      .cancel(refOf({ job }), deadline.signal)
      .catch((error: unknown) => ({ kind: 'unread', errorKind: 'malformed', message: String(error) }) as const);
    const again = putBack(job, said.kind === 'unread' ? intervalMs(calls, 0, random) : calls.pace.floorMs);
    settled(said.kind === 'unread' ? again : { ...again, cancel_said: said.kind });
  }
}

const isToCancel = ({ isCancelAsked, cancelSaid, state }: LeasedJob) =>
  isCancelAsked && cancelSaid === null && (state === 'accepted' || state === 'running');

function refOf({ job: { id, upstreamId, upstream, model, ageMs } }: Pick<Held, 'job'>): JobRef {
  return { id, upstreamId, upstream, model, ageMs };
}

/** An adapter never throws; from one that does nothing is learnt. */
function unreadAll(count: number): (error: unknown) => JobSeen[] {
  return (error) =>
    Array.from({ length: count }, () => {
      return { kind: 'unread', errorKind: 'malformed', message: String(error), retryAfterMs: null };
    });
}
