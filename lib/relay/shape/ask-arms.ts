import type { Streams } from '@/lib/gateway/providers/provider';
import type { Deadline } from '@/lib/kernel/deadline';
import type { Dialect } from '@/lib/registry/dialects/dialect';
import { answerJson } from '../body/answer-json';
import { askedOf, nameOf } from '../jobs/ask';
import { askThrough } from '../jobs/ask-through';
import { type ArmAnswer, differencesOf, unknownWords } from './compare-shapes';

/** One arm, reached with its own key. */
export interface AskedArm {
  readonly name: string;
  /** A text: why it cannot be asked. */
  readonly streams: Streams | string;
}

export interface ShapesCompared {
  /** `GET /v1/tasks/…`; none where the dialect knows none. */
  readonly asked: readonly string[];
  readonly differences: readonly string[];
  /** What kept an arm from being compared. */
  readonly troubles: readonly string[];
}

/** Puts the questions of a dialect that cost nothing to the baseline and to each other arm, and says where the answers part. */
export async function compareArms(
  dialect: Dialect,
  [baseline, ...others]: readonly [AskedArm, ...AskedArm[]],
  deadline: Deadline,
): Promise<ShapesCompared> {
  const compared = dialect.free.filter(({ shape }) => shape !== false);
  const questions = compared.map((free) => ({ free, told: nameOf(free) }));
  const answersOf = (arm: AskedArm) =>
    Promise.all(questions.map(({ free, told }) => answerOf(arm, free, told, deadline)));
  const [first, ...rest] = await Promise.all([baseline, ...others].map(answersOf));
  const all = [first ?? [], ...rest];
  const troubles = all.flatMap((answers) => answers.flatMap((each) => ('trouble' in each ? [each.trouble] : [])));
  const differences = questions.flatMap(({ told }, at) => {
    const [old, ...fresh] = all.map((answers) => answers[at]);
    const known = [old, ...fresh].flatMap((each) =>
      each && !('trouble' in each) ? unknownWords(dialect, told, each) : [],
    );
    if (!old || 'trouble' in old) return known;
    return [
      ...fresh.flatMap((each) => (each && !('trouble' in each) ? differencesOf(dialect, told, old, each) : [])),
      ...known,
    ];
  });
  return { asked: questions.map(({ told }) => told), differences, troubles: [...new Set(troubles)] };
}

type Free = Dialect['free'][number];

async function answerOf(
  { name, streams }: AskedArm,
  free: Free,
  told: string,
  deadline: Deadline,
): Promise<ArmAnswer | { readonly trouble: string }> {
  if (typeof streams === 'string') return { trouble: `${name} could not be asked: ${streams}` };
  const asked = askedOf(free, {});
  if (asked === null) return { trouble: `${told} asks for a job, so it was put to nobody` };
  const heard = await askThrough(streams)({ ...asked, headers: free.headers }, deadline);
  if (heard.status === null) {
    const why = heard.errorKind === 'auth' ? `it refuses our key (${heard.message})` : heard.message;
    return { trouble: `${name} gave no answer to ${told}: ${why}` };
  }
  return { arm: name, status: heard.status, body: answerJson(heard.text) };
}
