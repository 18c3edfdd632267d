import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { surroundings } from '../../../known-database';
import { root } from '../../../project-root';
import { type Command, type Invocation, integerOption, Said, textOption } from '../../command';
import { followFile, lastLines } from './follow-file';
import { type Relayed, relayedIn, relayedLine } from './relayed-line';

/** What relays created, out of the log of the web process: as it stands, or as it comes until Ctrl-C. */
export const tail: Command['run'] = async (call) => {
  const split = textOption(call.values, 'split');
  const say = (text: string) => {
    const found = relayedIn(text);
    if (found !== null && (split === null || found.split === split)) call.say(shown(call, found));
  };
  const file = fileOf(call);
  if (file === '-') {
    for await (const line of createInterface({ input: process.stdin })) say(line);
    return undefined;
  }
  const most = Math.min(10_000, integerOption(call.values, 'last', 20));
  const isMeant = (line: string) => {
    const found = relayedIn(line);
    return found !== null && (split === null || found.split === split);
  };
  const { lines, end } = await lastLines(file, most, isMeant);
  for (const line of lines) say(line);
  if (call.values.follow !== true) return undefined;
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await followFile(file, end, say, stop.signal);
  return undefined;
};

/** Where `npm start` writes, unless it was told otherwise. */
function fileOf(call: Invocation): string {
  const said = textOption(call.values, 'file');
  if (said !== null) return said;
  const { env } = surroundings();
  const file = env.SLUICE_LOG_FILE ?? join(resolve(root, env.SLUICE_DATA_DIR), 'sluice.log');
  if (file !== '-') return resolve(root, file);
  throw new Said(
    'The log is no file here (SLUICE_LOG_FILE=-): give it on standard input, such as journalctl -o cat -fu sluice-web | npx sluice relay tail --file -',
  );
}

const shown = (call: Invocation, found: Relayed) => (call.json ? JSON.stringify(found) : relayedLine(found));
