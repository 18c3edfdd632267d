import { shippedRule } from '@/lib/replay/simulate/simulated-rollout';
import type { Rule } from '@/lib/replay/simulate/trials';
import { total } from '@/lib/rule/buckets/history';
import type { Policy, RedLine } from '@/lib/split/policy/policy';

export const costUsd = 0.01;

/** The shipped rule, or the plan's to the letter, through `decide`. */
export function shipped(policy: Policy, stageName: string, evidence: Policy['evidence']): Rule {
  const stage = policy.stages.find((each) => each.name === stageName);
  if (!stage) throw new Error(`The policy has no stage "${stageName}".`);
  return shippedRule({ ...policy, evidence }, stage, costUsd);
}

/** A window is over when `isOver` says so of its failures and requests; it acts once over for the whole hold. */
function heldRule(line: RedLine, isOver: (failures: number, requests: number) => boolean): Rule {
  const window = line.windowSeconds / 10;
  const hold = line.holdSeconds / 10;
  return (history, from, to) => {
    const { failures, requests } = history.candidate;
    let run = 0;
    for (let at = Math.max(1, from - hold); at <= to; at++) {
      const start = Math.max(0, at - window);
      run = isOver(total(history, failures, start, at), total(history, requests, start, at)) ? run + 1 : 0;
      if (run > hold && at >= from) return at;
    }
    return null;
  };
}

/** Windows with fewer than 50 requests are not judged. */
export const minimumSample = (line: RedLine): Rule =>
  heldRule(line, (failures, requests) => requests >= 50 && failures / requests > (line.limit ?? 0));

/** The lower end of the 95 % Wilson interval is over the line. */
export const wilson = (line: RedLine): Rule =>
  heldRule(line, (failures, requests) => wilsonLower(failures, requests) > (line.limit ?? 0));

function wilsonLower(hits: number, n: number): number {
  if (n === 0) return 0;
  const z = 1.96;
  const share = hits / n;
  const centre = share + (z * z) / (2 * n);
  return (centre - z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
}

/** Flagger's: a check a minute over that minute; no data is a failed check; the fifth failed check rolls back. */
export const flagger = (line: RedLine): Rule => {
  const every = 6;
  return (history, from, to) => {
    const { failures, requests } = history.candidate;
    let failed = 0;
    for (let at = every; at <= to; at += every) {
      const n = total(history, requests, at - every, at);
      if (n === 0 || total(history, failures, at - every, at) / n > (line.limit ?? 0)) failed++;
      if (failed >= 5 && at >= from) return at;
    }
    return null;
  };
};
