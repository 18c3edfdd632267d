import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './instrument';
import type { Tried } from './plan';

/** A mutant that no test can kill, because nothing anyone can see changes; and why. */
interface Equivalent {
  readonly file: string;
  /** The line of source it is on, trimmed. */
  readonly line: string;
  readonly was: string;
  readonly becomes: string;
  readonly reason: string;
}

const known = 'test/lab/mutate/equivalent-mutants.json';

/** Prints the survivors and the score; 1 when the score is too low. */
export function report(
  root: string,
  mutants: readonly Mutant[],
  tried: readonly Tried[],
  { seconds, atLeast }: { seconds: number; atLeast: number },
): number {
  const outcomes = new Map(tried.map((each) => [each.id, each]));
  const equivalents = JSON.parse(readFileSync(join(root, known), 'utf8')) as Equivalent[];
  const lines = new Map([...new Set(mutants.map(({ file }) => file))].map((file) => [file, linesOf(root, file)]));
  const lineOf = (mutant: Mutant) => (lines.get(mutant.file)?.[mutant.line - 1] ?? '').trim();
  const left = mutants.filter(({ id }) => !['killed', 'endless'].includes(outcomes.get(id)?.outcome ?? ''));
  const reasonOf = (mutant: Mutant) =>
    equivalents.find(
      (each) =>
        each.file === mutant.file &&
        each.line === lineOf(mutant) &&
        each.was === oneLine(mutant.was) &&
        each.becomes === oneLine(mutant.becomes),
    )?.reason;
  const survivors = left.filter((mutant) => !reasonOf(mutant));
  for (const mutant of survivors) {
    const { outcome } = outcomes.get(mutant.id) ?? { outcome: 'not tried' };
    console.log(
      `${outcome}  ${mutant.file}:${mutant.line}  ${mutant.operator}: ${oneLine(mutant.was)}  →  ${oneLine(mutant.becomes)}`,
    );
  }
  const count = (outcome: Tried['outcome']) => tried.filter((each) => each.outcome === outcome).length;
  const killed = count('killed') + count('endless');
  const equivalent = left.length - survivors.length;
  const all = (100 * killed) / mutants.length;
  const score = (100 * killed) / (mutants.length - equivalent);
  console.log(
    `${mutants.length} mutants: ${count('killed')} killed, ${count('endless')} endless, ${count('survived')} survived, ${count('uncovered')} without a test; ${equivalent} of these change nothing that can be seen (${known})`,
  );
  console.log(
    `score ${all.toFixed(1)} % of all, ${score.toFixed(1)} % without the equivalent, in ${seconds.toFixed(0)} s`,
  );
  return score >= atLeast ? 0 : 1;
}

const linesOf = (root: string, file: string): readonly string[] => readFileSync(join(root, file), 'utf8').split('\n');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
