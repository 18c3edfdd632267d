import type { Control } from '@/lib/control/control';
import type { JudgedRollout } from '@/lib/control/rollout/rollout-now';
import type { Controls } from '@/lib/control/splits/controls';
import type { ClaimedPass, PassDone, PassReading } from '@/lib/control/ticks/pass-store';
import { type NewTick, type Slot, slotOf, type TickRecord } from '@/lib/control/ticks/tick-record';
import { isLockWait } from '@/lib/kernel/store-away';
import type { Decision } from '@/lib/rule/verdict';
import { type Screened, screenSplits } from './screen-splits';
import { alertChanges } from './tick-alerts';
import { tickSplit } from './tick-split';

/** What a tick made of one split. */
interface SplitOutcome {
  readonly split: string;
  readonly result: 'judged' | 'failed';
  readonly action: Decision['action']['kind'];
  readonly error: string | null;
}

/** The first split's outcome, with that of each: one that fails does not make the tick one that failed. */
export type TickOutcome =
  | {
      readonly result: 'decided';
      readonly action: Decision['action']['kind'];
      readonly tick: TickRecord;
      readonly splits: readonly SplitOutcome[];
    }
  | { readonly result: 'skipped' }
  | { readonly result: 'failed'; readonly error: string; readonly splits: readonly SplitOutcome[] };

interface Watched extends Pick<Controls, 'of' | 'passes'> {
  readonly first: Pick<Control, 'facts' | 'ticks'>;
}

/** How often what one split does to the reading of all is gone round. */
const rounds = 4;

/** One evaluation of the red lines of all splits: one claim of the slot, and a transaction for each split that acts. */
export async function runTick(controls: Watched, request: Slot): Promise<TickOutcome> {
  try {
    return await new Pass(controls, request).run();
  } catch (error) {
    return failed(controls, request, error);
  }
}

class Pass {
  private readonly startedAtMs = performance.now();
  private readonly outcomes = new Map<string, SplitOutcome>();
  private readonly written = new Map<string, TickRecord>();

  constructor(
    private readonly controls: Watched,
    private readonly request: Slot,
  ) {}

  async run(): Promise<TickOutcome> {
    const { first, passes } = this.controls;
    const stored = await passes.inSlot(slotOf(this.request), (claimed) => this.decide(claimed));
    if (stored === null) return { result: 'skipped' };
    const { split } = first.facts;
    const splits = [...this.outcomes.values()];
    await Promise.all(splits.map((each) => each.split !== split && each.error !== null && this.tellFailure(each)));
    const own = this.outcomes.get(split);
    if (own?.error != null) return { result: 'failed', error: own.error, splits };
    const tick = this.written.get(split) ?? stored.get(split) ?? (await first.ticks.last()).decided;
    if (tick === null) return { result: 'skipped' };
    return { result: 'decided', action: own?.action ?? 'none', tick, splits };
  }

  private async decide(claimed: ClaimedPass): Promise<PassDone> {
    const all = await this.screen();
    const screened = all.filter(({ split }) => !claimed.decided.has(split));
    const ticks: NewTick[] = [];
    // Rollbacks and advances go first: the time of a tick is short.
    const acting = screened.filter(needsWrite).sort((one, other) => Number(acts(other)) - Number(acts(one)));
    for (const each of acting) await this.act(each, claimed);
    for (const each of screened) {
      const { split, rollout, isResting, error } = each;
      // One that acts writes its row with what it did; where another process is at it, that one does.
      if (acting.includes(each)) continue;
      if (rollout === null) {
        this.fail(split, error);
        continue;
      }
      this.note(split, rollout.decision.action.kind);
      if (!isResting) ticks.push(this.record(split, rollout, claimed));
    }
    const bad = [...this.outcomes.values()].filter(({ error }) => error !== null);
    ticks.push(...bad.map(({ split, error }) => this.failure(split, error, claimed)));
    const acted = [...this.outcomes.values()].filter(({ action }) => action === 'rollback' || action === 'advance');
    return { ticks, splits: all.length, acted: acted.length, failed: bad.length };
  }

  /** Whose reading ends the transaction of all is left out of the next. */
  private async screen(): Promise<readonly Screened[]> {
    const { of } = this.controls;
    const culprits = new Map<string, unknown>();
    for (let round = 1; ; round++) {
      const found = await this.unlocked(() => this.read((reading) => screenSplits(reading, of, culprits)));
      const broken = found.filter(({ rollout, error }) => rollout === null && isStatement(error));
      const [culprit] = broken.filter(({ split, error }) => !culprits.has(split) && codeOf(error) !== aborted);
      if (culprit === undefined || round === rounds) return found;
      culprits.set(culprit.split, culprit.error);
    }
  }

  /** Left open in psql, `lock table feature_flags` holds everything: that session is ended. */
  private async unlocked<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!isLockWait(error)) throw error;
      await this.controls.first.ticks.freeSplit(0);
      return read();
    }
  }

  /** The driver ends a transaction with the first error of any statement in it, also one that was caught. */
  private async read(read: (scope: PassReading) => Promise<readonly Screened[]>): Promise<readonly Screened[]> {
    let found: readonly Screened[] | null = null;
    try {
      await this.controls.passes.reading(this.request.deadlineMs / 5, async (scope) => {
        found = await read(scope);
      });
    } catch (error) {
      if (found === null) throw error;
    }
    return found ?? [];
  }

  private async act({ split }: Screened, { slotMs }: ClaimedPass): Promise<void> {
    const leftMs = this.request.deadlineMs - (performance.now() - this.startedAtMs);
    try {
      if (leftMs <= 0) throw new Error('There was no time left for it in this tick.');
      const tick = await tickSplit(this.controls.of(split), { ...this.request, deadlineMs: leftMs, slotMs });
      if (tick !== null) this.written.set(split, tick);
      this.note(split, tick?.decision?.action.kind ?? 'none');
    } catch (error) {
      this.fail(split, error);
    }
  }

  /** An alert that ends with the next tick that judges it. Of the first split's silence every process tells by itself. */
  private async tellFailure({ split, error }: SplitOutcome): Promise<void> {
    const { alerts, facts } = this.controls.of(split);
    const detail = `${facts.slug} was not judged: ${error} Nobody would roll it back.`;
    const alert = {
      kind: 'watchdog_silent',
      key: 'watchdog',
      detail,
      params: { error },
      blocksAdvance: false,
    } as const;
    // What failed it may be away altogether; the row of the tick says so as well.
    await alerts.raise(alert).catch(() => {});
  }

  private note(split: string, action: SplitOutcome['action']): void {
    this.outcomes.set(split, { split, result: 'judged', action, error: null });
  }

  private fail(split: string, error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    this.outcomes.set(split, { split, result: 'failed', action: 'none', error: said });
  }

  private record(split: string, { decision, policy, row }: JudgedRollout, { nowMs, slotMs }: ClaimedPass): NewTick {
    const { by, intervalSeconds } = this.request;
    const versions = { policyVersion: policy.version, weightsVersion: row.version };
    return { split, atMs: nowMs, slotMs, by, intervalSeconds, decision, error: null, ...versions };
  }

  private failure(split: string, error: string | null, { nowMs, slotMs }: ClaimedPass): NewTick {
    const { by, intervalSeconds } = this.request;
    const nothing = { decision: null, policyVersion: null, weightsVersion: null };
    return { split, atMs: nowMs, slotMs, by, intervalSeconds, error, ...nothing };
  }
}

const acts = ({ rollout }: Screened): boolean => ['rollback', 'advance'].includes(rollout?.decision.action.kind ?? '');

function needsWrite(each: Screened): boolean {
  if (each.rollout === null) return false;
  const { begun, over } = alertChanges(each.rollout);
  return acts(each) || begun.length > 0 || over.length > 0;
}

/** What every statement says after one that failed. */
const aborted = '25P02';

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** Said by Postgres, whose transaction it ended. */
const isStatement = (error: unknown): boolean => /^[0-9A-Z]{5}$/.test(String(codeOf(error)));

/** A tick that fails is visible state, not a crash and not a silent pass. */
async function failed({ first }: Watched, request: Slot, error: unknown): Promise<TickOutcome> {
  const said = error instanceof Error ? error.message : String(error);
  try {
    await first.ticks.recordFailure(slotOf(request), said);
    return { result: 'failed', error: said, splits: [] };
  } catch (unrecorded) {
    const why = unrecorded instanceof Error ? unrecorded.message : String(unrecorded);
    return { result: 'failed', error: `${said} (and it could not be recorded: ${why})`, splits: [] };
  }
}
