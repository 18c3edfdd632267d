import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const mostBytes = 64 * 1024;
const mostLines = 6;

export const serverLog = (dir: string) => join(dir, 'server.log');

/** Where the log ends now: what is said from here on is read by `whatItSaid`. */
export function endOfLog(dir: string): number {
  return statSync(serverLog(dir), { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Why a server ended, in its own words since `from`: the lines that say so. The last lines of all say only that it has.
 */
export function whatItSaid(dir: string, from: number): string {
  const lines = read(serverLog(dir), from).split('\n').filter(Boolean);
  const telling = lines.filter((line) => /\b(?:FATAL|PANIC|HINT):/.test(line));
  const said = telling.length > 0 ? telling.slice(0, mostLines) : lines.slice(-4);
  return said.map(withoutStamp).join(' | ') || 'it wrote no log';
}

/** `2026-11-28 11:07:09.123 UTC [4711] FATAL:  …` → `FATAL:  …` */
function withoutStamp(line: string): string {
  return line.replace(/^[\d-]+ [\d:.]+ \S+ \[\d+\] /, '').trim();
}

function read(file: string, from: number): string {
  if (!existsSync(file)) return '';
  const fd = openSync(file, 'r');
  try {
    const { size } = fstatSync(fd);
    // A log that was truncated meanwhile is read from its start.
    const start = Math.max(from > size ? 0 : from, size - mostBytes);
    const buffer = Buffer.alloc(size - start);
    readSync(fd, buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    closeSync(fd);
  }
}
