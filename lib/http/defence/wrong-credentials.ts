import { createHmac, randomBytes } from 'node:crypto';
import type { Log } from '@/lib/config/log';
import type { Head } from '../message';
import type { Problem } from '../problem';
import { addressGroup } from './addresses';
import { slidingCount } from './sliding-count';
import { tooMany } from './throttle';

/** What was wrong: the value itself goes no further than this. */
interface Wrong {
  /** Where it was tried: `bearer`, `cron`, `sign-in`, `api-key`. */
  readonly door: string;
  readonly credential: string;
}

const linesPerMinute = 300;
/** An address may be shared: it gets this many accounts' worth of failures. */
const accountsAnAddress = 3;

interface WrongCredentialsParts {
  /** 0 is no limit. */
  readonly perMinute: number;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Wrong credentials, counted by address and by credential, and logged. A caller with the right one is let in before any of
 * this is asked, so that the failures of one keep no other out.
 */
export type WrongCredentials = ReturnType<typeof wrongCredentials>;

export function wrongCredentials({ perMinute, now, log }: WrongCredentialsParts) {
  const most = perMinute === 0 ? Number.POSITIVE_INFINITY : perMinute;
  const failures = slidingCount(now);
  const running = runningCount();
  const countOf = (key: string) => failures.used(key) + running.of(key);
  const say = boundedLines(log, now);
  // Of this process only: a digest in a log must be no way to check guesses.
  const secret = randomBytes(32);
  const markOf = (credential: string) => createHmac('sha256', secret).update(credential).digest('hex').slice(0, 12);
  const factsOf = (head: Head, { door, credential }: Wrong) => ({
    door,
    address: head.remote,
    credential: markOf(credential),
    path: head.path,
    request_id: head.requestId,
  });
  const addressKey = (head: Head, door: string) => `${door} ${addressGroup(head.remote)}`;
  const pairKey = (head: Head, account: string) => `${markOf(account)} ${addressGroup(head.remote)}`;

  return {
    /** What to answer: the refusal, or 429 when this address or this credential was wrong too often within a minute. */
    refused(head: Head, wrong: Wrong, refusal: Problem): Problem {
      const facts = factsOf(head, wrong);
      const keys = [addressKey(head, wrong.door), facts.credential];
      const isTooMany = keys.some((key) => failures.used(key) + 1 > most);
      for (const key of [...keys, pairKey(head, wrong.credential)]) failures.add(key);
      if (!isTooMany) {
        say(facts, 'a wrong credential was refused');
        return refusal;
      }
      say(facts, 'a wrong credential was refused: too many from this address, or of this one', keys[0]);
      return tooMany(`At most ${perMinute} wrong credentials a minute`, now());
    },
    /** Logs one that may be honest, such as the cookie of a session that has ended. */
    noted: (head: Head, wrong: Wrong): void => say(factsOf(head, wrong), 'an unknown or ended session was refused'),
    /**
     * Throws 429 before a credential that can be guessed is tried: a password, a short code. Until what it gives is
     * called, the attempt counts like a wrong one: guesses that come all at once must not all be tried.
     */
    mayTry(head: Head, account: string): () => void {
      const [pair, address] = [pairKey(head, account), addressKey(head, 'sign-in')];
      if (countOf(pair) + 1 > most || countOf(address) + 1 > most * accountsAnAddress) {
        throw tooMany(`At most ${perMinute} wrong passwords or codes a minute`, now());
      }
      return running.enter([pair, address]);
    },
  };
}

/** How many attempts run under each key; no more keys than attempts. */
function runningCount() {
  const table = new Map<string, number>();
  const of = (key: string) => table.get(key) ?? 0;
  return {
    of,
    /** What it gives ends the attempt, once. */
    enter(keys: readonly string[]): () => void {
      for (const key of keys) table.set(key, of(key) + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        for (const key of keys) {
          if (of(key) > 1) table.set(key, of(key) - 1);
          else table.delete(key);
        }
      };
    },
  };
}

/** Strangers must not fill the disk: so many lines a minute, one for all with the same `once`; then says how many not. */
function boundedLines(log: Log, now: () => number) {
  const lines = slidingCount(now);
  let leftOut = 0;
  return (facts: object, sentence: string, once?: string) => {
    if (lines.used('') >= linesPerMinute || (once !== undefined && lines.used(once) > 0)) {
      leftOut += 1;
      return;
    }
    lines.add('');
    if (once !== undefined) lines.add(once);
    log.warn(leftOut === 0 ? facts : { ...facts, lines_left_out: leftOut }, sentence);
    leftOut = 0;
  };
}
