import { readFile } from 'node:fs/promises';
import { shownText } from '@/lib/kernel/plain-text';
import { UsageError } from './command';

/** The text of a file that was named. */
export const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause) => Promise.reject(unread(file, cause)));

/** What it holds as JSON. */
export async function jsonOf(file: string): Promise<unknown> {
  const text = await textOf(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${shownText(file)} is no JSON: ${(error as Error).message}.`);
  }
}

/** Why a file that was named was not read. */
export function unread(file: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === undefined) return cause;
  const why = cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code})`;
  return new UsageError(`Nothing was read: ${shownText(file)} ${why}.`);
}
