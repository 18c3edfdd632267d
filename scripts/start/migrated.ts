import { awaySentence } from '@/lib/postgres/away';
import { migrate } from '@/lib/postgres/migrate/migrate';
import { withProgress } from './progress';

type Say = (line: string) => void;

const againAfterMs = 2000;
const longestPauseMs = 60_000;

/** Brings a database up to date, and says where it is when that takes long: a first adoption may. */
export async function migrated(url: string, say: Say, each: Say = () => {}): Promise<void> {
  let after = 'the first file';
  const log = (line: string) => {
    after = line.replace(/^applied /, '');
    each(line);
  };
  const what = () => `still migrating the database, ${after} was the last file done`;
  const { applied, already } = await withProgress(what, say, () => migrate(url, { log, say }));
  if (applied.length > 0) say(`database migrated: ${applied.length} files applied, ${already} were there`);
}

interface Later {
  /** Why it was not brought up to date yet; null when it is. */
  readonly fault: string | null;
  giveUp(): void;
}

interface UpToDate {
  readonly prepare: () => Promise<void>;
  /** Why it can be tried again later, in a sentence; null: a start fails by it, and who has started tries more rarely. */
  readonly excuse: (error: unknown) => string | null;
  readonly againAfterMs: number;
  readonly say: Say;
}

/** Brings a database up to date now, or again and again until it can be; requests for images are served meanwhile. */
export async function upToDateOrLater({ prepare, excuse, againAfterMs, say }: UpToDate): Promise<Later> {
  let timer: NodeJS.Timeout | null = null;
  let lastFault = '';
  const attempt = async (unexcused: (error: unknown) => string): Promise<string | null> => {
    try {
      await prepare();
      return null;
    } catch (error) {
      const fault = excuse(error) ?? unexcused(error);
      if (fault !== lastFault) say(fault);
      lastFault = fault;
      return fault;
    }
  };
  const again = (pauseMs: number) => {
    timer = setTimeout(async () => {
      let nextMs = againAfterMs;
      const fault = await attempt((error) => {
        nextMs = Math.min(pauseMs * 2, longestPauseMs);
        return couldNotBeMigrated(error);
      });
      if (fault === null) say('the database answers, and is up to date');
      else if (timer !== null) again(nextMs);
    }, pauseMs);
  };
  const fault = await attempt((error) => {
    throw error;
  });
  if (fault !== null) again(againAfterMs);
  const giveUp = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return { fault, giveUp };
}

function couldNotBeMigrated(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `the database answers, but could not be migrated: ${why}. It is tried again, at least once a minute, until it can be`;
}

/**
 * A database that is away does not keep the data plane from serving, by the weights of the last run: it is brought up
 * to date as soon as it answers.
 */
export async function migratedOrLater(url: string, say: Say): Promise<{ isAway: boolean; giveUp(): void }> {
  const { fault, giveUp } = await upToDateOrLater({
    prepare: () => migrated(url, say, say),
    excuse: (error) => {
      const away = awaySentence(error);
      return (
        away && `${away}. Starting all the same, by the weights of the last run; it is migrated as soon as it answers.`
      );
    },
    againAfterMs,
    say,
  });
  return { isAway: fault !== null, giveUp };
}
