import { join, relative } from 'node:path';
import type { Env } from '@/lib/config/env';
import { type Database, databaseUrlFile } from './database';
import { firstStartLink } from './first-start-link';
import { writeSecret } from './secret-file';
import type { Voice } from './voice';

interface Welcome {
  readonly url: string;
  readonly database: Database;
  readonly simulated: boolean;
  readonly arePagesBuilt: boolean;
  readonly elapsed: string;
  readonly dataDir: string;
  readonly voice: Voice;
}

/** One line with the address, one with what is not real, one with where the rest is; no secret in any of them. */
export function welcome({ url, database, simulated, arePagesBuilt, elapsed, dataDir, voice }: Welcome): void {
  if (simulated) voice.say('SANDBOX: no provider key is set, so FAL and Runware are simulated on this machine');
  const also = arePagesBuilt ? '' : ' (images, CLI and watchdog; the pages are being built)';
  voice.say(`ready ${elapsed}: ${url}${also}`);
  const log = voice.logFile ? [`log in ${shown(voice.logFile)}`] : [];
  const file = database.embedded ? [`database in ${shown(databaseUrlFile(dataDir))}`] : [];
  if (log.length + file.length > 0) voice.say([...log, ...file].join(', '));
}

/** How to sign in on a first start: to a terminal the link itself, elsewhere (a journal, a log) only where it is. */
export async function tellSignIn(env: Env, { url, database, dataDir, voice }: Welcome): Promise<void> {
  if (!database.embedded || database.isAway || env.SLUICE_ADMIN_TOKEN) return;
  const link = await firstStartLink(database.url, url);
  if (link === null) return;
  if (process.stdout.isTTY) return console.log(`sluice: sign in (works once, for 15 minutes): ${link}`);
  const file = join(dataDir, 'sign-in-link');
  writeSecret(file, link);
  voice.say(`sign in by the link in ${shown(file)} (works once, for 15 minutes)`);
}

function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
