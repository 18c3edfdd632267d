import type { Env } from '@/lib/config/env';
import type { Database } from './database';
import { localUrl } from './first-answer';
import { firstStartLink } from './first-start-link';

export interface Welcome {
  readonly env: Env;
  readonly database: Database;
  readonly simulated: boolean;
  readonly elapsed: string;
  readonly say: (line: string) => void;
}

export async function welcome({ env, database, simulated, elapsed, say }: Welcome): Promise<void> {
  const url = localUrl(env);
  if (simulated) say('SANDBOX: no provider key is set, so FAL and Runware are simulated on this machine');
  if (database.embedded) say(`database: psql '${database.url}'`);
  const link = database.embedded && !env.SLUICE_ADMIN_TOKEN ? await firstStartLink(database.url, url) : null;
  if (link) say(`sign in (works once, for 15 minutes): ${link}`);
  say(`ready ${elapsed}: ${url}`);
}
