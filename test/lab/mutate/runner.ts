import { appendFileSync, readFileSync } from 'node:fs';
import { collectTests, type File, getFn, type Suite, type Test } from '@vitest/runner';
import { TestRunner, vi } from 'vitest';
import type { Mutant } from './instrument';
import type { Plan, Tried } from './plan';
import { type Switchboard, switchboard } from './switchboard';

/** What one test needed when nothing was changed. */
interface Seen {
  readonly test: Test;
  readonly ms: number;
  readonly fuel: number;
  readonly reached: Uint8Array;
}

const plenty = 1e15;
/** A mutant that has lived through so much processor time of its tests is a survivor; it can only cost the score. */
const budgetMs = 3000;

/** Runs every test once as it is, then each mutant through the tests that reach it, until the first one fails. */
export default class MutantRunner extends TestRunner {
  private readonly plan = JSON.parse(readFileSync(String(process.env.SLUICE_MUTATION), 'utf8')) as Plan;
  private readonly board: Switchboard = switchboard(this.plan.size);
  private readonly seen: Seen[] = [];
  private atLoad = new Uint8Array(0);
  private began = 0;

  onBeforeRunFiles(): void {
    this.atLoad = this.board.reached.slice();
  }

  override onBeforeTryTask(test: Test): void {
    super.onBeforeTryTask(test);
    this.board.reached.fill(0);
    this.board.fuel = plenty;
    this.began = performance.now();
  }

  override onAfterTryTask(test: Test): void {
    super.onAfterTryTask(test);
    const ms = performance.now() - this.began;
    this.seen.push({ test, ms, fuel: plenty - this.board.fuel, reached: this.board.reached.slice() });
  }

  // Where Vitest has run all there is, the mutants begin.
  override onAfterRunFiles(files?: File[]): void | Promise<void> {
    const isGreen = (files ?? []).every((file) => file.result?.state === 'pass');
    return isGreen ? this.mutants(files ?? []) : super.onAfterRunFiles();
  }

  private async mutants(files: readonly File[]): Promise<void> {
    this.seen.sort((a, b) => a.ms - b.ms);
    for (const mutant of this.plan.mutants) {
      this.tell({ id: mutant.id, outcome: 'started' });
      const began = performance.now();
      let tried = await this.tryCovering(mutant);
      const isDead = tried.outcome === 'killed' || tried.outcome === 'endless';
      if (!isDead && this.atLoad[mutant.place]) tried = await this.tryLoading(mutant, files);
      this.board.active = -1;
      this.tell({ ...tried, ms: Math.round(performance.now() - began) });
    }
    this.board.fuel = plenty;
    super.onAfterRunFiles();
  }

  private tell(tried: Tried): void {
    appendFileSync(this.plan.results, `${JSON.stringify(tried)}\n`);
  }

  private async tryCovering(mutant: Mutant): Promise<Tried> {
    const covering = this.seen.filter(({ reached }) => reached[mutant.place] === 1);
    if (covering.length === 0) return { id: mutant.id, outcome: 'uncovered' };
    this.board.active = mutant.id;
    return this.tryTests(mutant, covering);
  }

  /** What ran when the module was loaded is loaded anew with the mutant in it, and met by every test. */
  private async tryLoading(mutant: Mutant, files: readonly File[]): Promise<Tried> {
    const fuelOf = new Map(this.seen.map(({ test, fuel, ms }) => [fullName(test), { fuel, ms }]));
    this.board.active = mutant.id;
    this.board.fuel = 1e7;
    vi.resetModules();
    const collected = await collectTests(
      files.map((file) => file.filepath),
      this,
    );
    const broken = collected.find((file) => file.result?.state === 'fail');
    if (broken) return { id: mutant.id, outcome: 'killed', by: 'loading' };
    const need = (test: Test) => fuelOf.get(fullName(test)) ?? { fuel: 1e7, ms: 1 };
    const tests = collected.flatMap(testsOf).sort((a, b) => need(a).ms - need(b).ms);
    return this.tryTests(
      mutant,
      tests.map((test) => ({ test, fuel: need(test).fuel })),
    );
  }

  private async tryTests(mutant: Mutant, tests: readonly Pick<Seen, 'test' | 'fuel'>[]): Promise<Tried> {
    const spent = process.cpuUsage();
    for (const { test, fuel } of tests) {
      const outcome = await this.outcomeOf(test, fuel);
      if (outcome !== 'survived') return { id: mutant.id, outcome, by: test.name };
      if (process.cpuUsage(spent).user / 1000 > budgetMs) break;
    }
    return { id: mutant.id, outcome: 'survived' };
  }

  private async outcomeOf(test: Test, fuel: number): Promise<'killed' | 'endless' | 'survived'> {
    this.board.fuel = fuel * 10 + 100_000;
    try {
      await getFn(test)();
    } catch {
      return this.board.fuel < 0 ? 'endless' : 'killed';
    }
    return this.board.fuel < 0 ? 'endless' : 'survived';
  }
}

const fullName = (task: Test | Suite): string => (task.suite ? `${fullName(task.suite)} > ${task.name}` : task.name);

function testsOf(suite: Suite): Test[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}
