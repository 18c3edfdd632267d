import { compile, saltOf } from '@/lib/split/pick';
import type { Bench, BenchOptions } from './bench';
import { labelOf } from './peers';
import { type Evaluation, growthbook, unleash } from './pick/peers';
import { figure, type Report } from './report';
import { median } from './statistics';

const rounds = 7;
const defaultCalls = 300_000;
const users = Array.from({ length: 4096 }, (_, i) => `user-${(i * 7919) % 100_003}`);

/** Nanoseconds of one decision, round by round. */
interface Timed {
  readonly name: string;
  readonly sticky: number[];
  readonly free: number[];
}

/** The decision alone, in one process, beside two libraries that evaluate the same split. */
export const pick: Bench = {
  name: 'pick',
  about: `one decision, sticky and not, against ${labelOf('unleash-client')} and ${labelOf('@growthbook/growthbook')}`,
  async run({ say, requests }: BenchOptions) {
    const evaluations = [ours(), await unleash(say), growthbook(say)];
    const calls = requests ?? defaultCalls;
    const timed = evaluations.map(({ name }): Timed => ({ name, sticky: [], free: [] }));
    for (let round = 0; round <= rounds; round++) {
      for (const [i, evaluation] of evaluations.entries()) {
        const many = i === 0 ? calls * 10 : calls;
        const sticky = time(evaluation, many, () => evaluation.sticky(many, users));
        const free = time(evaluation, many, () => evaluation.free(many));
        // The first round warms up.
        if (round === 0) continue;
        timed[i]?.sticky.push(sticky);
        timed[i]?.free.push(free);
      }
    }
    for (const evaluation of evaluations) evaluation.close();
    return { report: reportOf(timed), data: timed };
  },
};

function ours(): Evaluation {
  const rules = { baseline: 'fal', candidates: ['runware'], salt: saltOf('GEN_PROVIDER_WEIGHTS') };
  const picker = compile({ fal: 0.9, runware: 0.1 }, rules, Math.random);
  return {
    name: 'sluice',
    sticky(calls, among) {
      let candidates = 0;
      for (let at = 0; at < calls; at++) if (picker.of(among[at % among.length] ?? '') === 'runware') candidates++;
      return candidates;
    },
    free(calls) {
      let candidates = 0;
      for (let at = 0; at < calls; at++) if (picker.next() === 'runware') candidates++;
      return candidates;
    },
    close() {},
  };
}

/** The candidate's share is counted: a decision that nobody looks at might not be made. */
function time({ name }: Evaluation, calls: number, decide: () => number): number {
  const began = process.cpuUsage();
  const candidates = decide();
  const { user, system } = process.cpuUsage(began);
  const nanoseconds = ((user + system) * 1000) / calls;
  const share = candidates / calls;
  if (Math.abs(share - 0.1) > 0.03) throw new Error(`${name} gave the candidate ${share} of the calls, not 0.1.`);
  return nanoseconds;
}

function reportOf(timed: readonly Timed[]): Report {
  const [own] = timed;
  const rowsOf = (kind: 'sticky' | 'free') =>
    timed.map((each) => {
      const times = median(each[kind]) / median(own?.[kind] ?? []);
      return [each.name, ...each[kind].map(figure), figure(median(each[kind])), each === own ? '' : figure(times)];
    });
  const head = ['', ...Array.from({ length: rounds }, (_, i) => `round ${i + 1}`), 'median', 'times ours'];
  return {
    title: 'pick: one decision, nanoseconds',
    method: [
      `One process, shares 90 : 10, ${rounds} rounds in turns after one to warm up; the candidate's share is counted and checked. Processor time, so that what else the machine does counts for nobody.`,
      `Beside us ${labelOf('unleash-client')} (flexible rollout with two variants, from its bootstrap, metrics off) and ${labelOf('@growthbook/growthbook')} (one experiment rule, by its multi-user client).`,
      'Sticky: by a user, of 4,096 in turn. Not sticky: stickiness "random" for Unleash, a fresh id for GrowthBook, which splits by an attribute only.',
    ],
    tables: [
      { caption: 'Sticky, ns a decision', head, rows: rowsOf('sticky') },
      { caption: 'Not sticky, ns a decision', head, rows: rowsOf('free') },
    ],
  };
}
