import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { shownText } from '@/lib/kernel/plain-text';
import { Said } from '../../command';

const pieceBytes = 256 * 1024;
const lookEveryMs = 200;

/** The last lines of a file that are meant, in their order, and how far it was read. */
export async function lastLines(
  file: string,
  most: number,
  isMeant: (line: string) => boolean,
): Promise<{ readonly lines: readonly string[]; readonly end: number }> {
  const handle = await opened(file);
  try {
    const { size } = await handle.stat();
    const found: string[] = [];
    let begin = size;
    let rest = Buffer.alloc(0);
    while (begin > 0 && found.length < most) {
      const from = Math.max(0, begin - pieceBytes);
      const bytes = Buffer.concat([await read(handle, from, begin - from), rest]);
      // The first line of a piece may begin before it.
      const first = bytes.indexOf(10);
      const cut = from === 0 ? 0 : first < 0 ? bytes.length : first + 1;
      rest = bytes.subarray(0, cut);
      const lines = bytes.subarray(cut).toString('utf8').split('\n').filter(isMeant);
      found.unshift(...lines);
      begin = from;
    }
    return { lines: most === 0 ? [] : found.slice(-most), end: size };
  } finally {
    await handle.close();
  }
}

/** Says each whole line that is written from there on, also after the file was emptied or begun anew. */
export async function followFile(
  file: string,
  from: number,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let handle = await opened(file);
  let at = from;
  let rest = Buffer.alloc(0);
  try {
    while (!signal.aborted) {
      const { size, ino } = await handle.stat();
      const now = await stat(file).catch(() => null);
      if (size < at) [at, rest] = [0, Buffer.alloc(0)];
      for (; at < size; at = Math.min(size, at + pieceBytes)) {
        const bytes = Buffer.concat([rest, await read(handle, at, Math.min(pieceBytes, size - at))]);
        const end = bytes.lastIndexOf(10) + 1;
        for (const line of bytes.subarray(0, end).toString('utf8').split('\n')) say(line);
        rest = bytes.subarray(end);
      }
      if (now !== null && now.ino !== ino) {
        await handle.close();
        [handle, at, rest] = [await opened(file), 0, Buffer.alloc(0)];
      } else await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await handle.close();
  }
}

async function read(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

async function opened(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'is not there: no web process has written it on this machine' : `cannot be read (${code})`;
    throw new Said(`Nothing was read: ${shownText(file)} ${why}. Say where the log is: sluice relay tail --file FILE`);
  }
}
