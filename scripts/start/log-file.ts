import { chmodSync, copyFileSync, fstatSync, ftruncateSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

interface LogFile {
  readonly path: string;
  /** For children to write to. */
  readonly fd: number;
  write(line: string): void;
}

const mostBytes = 20_000_000;
const lookEveryMs = 60_000;

/**
 * Where everything is said that the terminal is spared. It keeps itself below some 20 MB, with one older file beside
 * it; several starts on one folder may share it, since each line is appended whole.
 */
export function openLogFile(path: string): LogFile {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > mostBytes) renameSync(path, `${path}.1`);
  const fd = openSync(path, 'a', 0o600);
  chmodSync(path, 0o600);
  setInterval(() => shorten(path, fd), lookEveryMs).unref();
  return { path, fd, write: writer(fd) };
}

/** Never throws: a full or broken disk must not stop the program that logs. */
function writer(fd: number): LogFile['write'] {
  const append = (line: string) => void writeSync(fd, `${new Date().toISOString()} ${line}\n`);
  let lost = 0;
  return (line) => {
    try {
      if (lost > 0) append(`sluice: ${lost} lines could not be written here and are lost; it is written again`);
      lost = 0;
      append(line);
    } catch {
      lost += 1;
    }
  };
}

/** Children hold the file open, so it is emptied, not replaced. One that cannot be copied now stays as it is. */
export function shorten(path: string, fd: number, most = mostBytes): void {
  try {
    if (fstatSync(fd).size <= most) return;
    copyFileSync(path, `${path}.1`);
    chmodSync(`${path}.1`, 0o600);
    ftruncateSync(fd, 0);
  } catch {
    // Looked at again in a minute.
  }
}
