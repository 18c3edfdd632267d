import { awaySentence } from '@/lib/adapters/postgres/away';
import { migrate } from '@/lib/adapters/postgres/migrate/migrate';
import { withProgress } from './progress';

type Say = (line: string) => void;

const againAfterMs = 2000;

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

/**
 * A database that is away does not keep the data plane from serving, by the weights of the last run: it is brought up
 * to date as soon as it answers.
 */
export async function migratedOrLater(url: string, say: Say): Promise<{ isAway: boolean; giveUp(): void }> {
  let timer: NodeJS.Timeout | null = null;
  const attempt = async (): Promise<string | null> => {
    try {
      await migrated(url, say, say);
      return null;
    } catch (error) {
      const away = awaySentence(error);
      if (away === null) throw error;
      return away;
    }
  };
  const again = () => {
    timer = setTimeout(async () => {
      try {
        if ((await attempt()) === null) say('the database answers, and is up to date');
        else if (timer !== null) again();
      } catch (error) {
        say(`the database answers, but could not be migrated: ${error instanceof Error ? error.message : error}`);
      }
    }, againAfterMs);
  };
  const away = await attempt();
  if (away !== null) {
    say(`${away}. Starting all the same, by the weights of the last run; it is migrated as soon as it answers.`);
    again();
  }
  const giveUp = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return { isAway: away !== null, giveUp };
}
