import { type Authenticator, guard } from '@/lib/access/guard';
import type { Actor } from '@/lib/access/identity';
import type { Role } from '@/lib/api/roles';
import type { SplitsView } from '@/lib/api/splits-view';
import type { ChartedControl } from '@/lib/charts/series-store';
import type { IntegrityFault } from '@/lib/control/journal/integrity';
import { readSnapshot } from '@/lib/control/snapshot/read-snapshot';
import { type Feed, liveFeed, type SnapshotFeed, snapshotFeed } from '@/lib/control/snapshot/snapshot-feed';
import { readSplits } from '@/lib/control/splits/read-splits';
import { type Throttle, throttle } from '@/lib/http/defence/throttle';
import type { WrongCredentials } from '@/lib/http/defence/wrong-credentials';
import type { Head, Outgoing } from '@/lib/http/message';
import type { JobDesk } from '@/lib/jobs/operate/job-desk';
import type { Clock } from '@/lib/kernel/clock';
import { runTick, type TickOutcome } from '@/lib/watch/run-tick';
import type { ChartedControls } from './build-control';
import { openStream } from './stream/open-stream';
import { streamSeats, usualSeats } from './stream/stream-seats';

interface ControlPlaneParts {
  /** The control plane's stores, whose writes `tell` this process at once. */
  readonly controls: (tell: () => void) => ChartedControls;
  readonly jobs: JobDesk;
  readonly clock: Clock;
  /** Asked in order until one knows the caller. */
  readonly authenticators: readonly Authenticator[];
  readonly cronSecret: string | null;
  readonly wrong: WrongCredentials;
  readonly perMinute: { readonly signIn: number; readonly cron: number };
  /** What this process routes by: it changes within milliseconds of a commit, and that is a hint to read. */
  readonly routedVersion: () => number | null;
  /** Compaction and partitions: after a tick, outside its transaction. */
  readonly maintain: () => Promise<void>;
  /** After a tick: whether the database was changed past its guards. Ends in time, and never fails. */
  readonly look: () => Promise<readonly IntegrityFault[]>;
  /** Where this process last saw the journal stand; null before its first look. */
  readonly anchor: () => string | null;
  /** Sends what waits for the channels; called after a tick, and never fails. */
  readonly deliver: () => Promise<unknown>;
}

/** The control plane of one process, behind every door of it. */
export interface ControlPlane {
  readonly controls: ChartedControls;
  /** The first split's. */
  readonly control: ChartedControl;
  readonly authenticators: readonly Authenticator[];
  /** Sign-in mails by whom they are asked for; the scheduler's own calls; comparisons by who runs them. */
  readonly throttles: Readonly<Record<'mail' | 'cron' | 'compare' | 'test', Throttle>>;
  /** Whose comparison runs now. */
  readonly comparing: Set<string>;
  readonly cronSecret: string | null;
  readonly wrong: WrongCredentials;
  /** The first split's. */
  readonly snapshots: SnapshotFeed;
  /** The list of all. */
  readonly splits: Feed<SplitsView>;
  readonly jobs: JobDesk;
  /** One feed for each split, made when it is first asked for. */
  feedOf(key: string): SnapshotFeed;
  guard(head: Head, role: Role): Promise<Actor>;
  /** Of the split that is found once it is known who watches, by its key; null: of the list of all. */
  stream(head: Head, split: () => Promise<string | null>): Promise<Outgoing>;
  tick(by: string, intervalSeconds: number): Promise<TickOutcome>;
  anchor(): string | null;
}

export function buildControlPlane(parts: ControlPlaneParts): ControlPlane {
  const { authenticators, clock } = parts;
  const feeds = new Map<string, SnapshotFeed>();
  const tell = () => {
    for (const each of [splits, ...feeds.values()]) each.poke();
  };
  const controls = parts.controls(tell);
  const control = controls.first;
  const live = { monotonic: clock.monotonic, hint: parts.routedVersion };
  const splits = liveFeed('splits', { ...live, load: () => readSplits(controls) }, splitsGist);
  const feedOf = (key: string) => {
    const load = () => readSnapshot(controls.of(key));
    const feed = feeds.get(key) ?? snapshotFeed({ ...live, load });
    feeds.set(key, feed);
    return feed;
  };
  const seats = streamSeats(usualSeats);
  return {
    controls,
    control,
    authenticators,
    throttles: {
      mail: throttle(parts.perMinute.signIn, clock.now),
      cron: throttle(parts.perMinute.cron, clock.now),
      compare: throttle(comparisonsPerMinute, clock.now),
      test: throttle(testsPerMinute, clock.now),
    },
    comparing: new Set(),
    cronSecret: parts.cronSecret,
    wrong: parts.wrong,
    snapshots: feedOf(control.facts.split),
    feedOf,
    guard: (head, role) => guard(head, role, authenticators, parts.wrong),
    anchor: parts.anchor,
    splits,
    jobs: parts.jobs,
    stream(head, split) {
      const feed = async (): Promise<Feed> => {
        const key = await split();
        return key === null ? splits : feedOf(key);
      };
      return openStream(head, { feed, seats, authenticators, wrong: parts.wrong });
    },
    async tick(by, intervalSeconds) {
      const outcome = await runTick(controls, { by, intervalSeconds, deadlineMs: deadlineOf(intervalSeconds) });
      if (outcome.result === 'decided') {
        tell();
        await parts.maintain();
      }
      // What was decided is told at once, whatever the look at the journal takes; what that finds is told as well.
      const [faults] = await Promise.all([parts.look(), parts.deliver()]);
      if (faults.length > 0) await parts.deliver();
      return outcome;
    },
  };
}

/** Of one person. Each is paid at two providers. */
const comparisonsPerMinute = 6;
const testsPerMinute = 10;

function splitsGist({ now: _now, ...rest }: SplitsView): string {
  return JSON.stringify(rest);
}

/** Shorter than the interval, so that a slow tick never meets the next. */
function deadlineOf(intervalSeconds: number): number {
  return Math.min(8_000, intervalSeconds * 800);
}
