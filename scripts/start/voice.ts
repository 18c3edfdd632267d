import { join } from 'node:path';
import { outliveOutput } from '@/lib/config/output';
import { openLogFile } from './log-file';

export interface Voice {
  /** To the terminal, and into the log. */
  say(line: string): void;
  /** Into the log alone. */
  note(line: string): void;
  /** Where children write: the log's file, or our own output. */
  readonly output: number | 'inherit';
  /** null where everything goes to our own output. */
  readonly logFile: string | null;
}

/** What a person needs goes to the terminal; everything goes into one file of the data folder, or where it is told to. */
export function openVoice(dataDir: string, file = join(dataDir, 'sluice.log')): Voice {
  outliveOutput();
  const print = (line: string) => console.log(`sluice: ${line}`);
  if (file === '-') return { say: print, note: print, output: 'inherit', logFile: null };
  const log = openLogFile(file);
  const note = (line: string) => log.write(`sluice: ${line}`);
  return {
    say(line) {
      print(line);
      note(line);
    },
    note,
    output: log.fd,
    logFile: log.path,
  };
}
