import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { endOfLog, serverLog, whatItSaid } from '@/lib/postgres/embedded/server-log';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sluice-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const stamp = '2026-11-28 11:07:09.123 UTC [4711] ';
const full = [
  `${stamp}LOG:  database system was not properly shut down; automatic recovery in progress`,
  `${stamp}PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device`,
  `${stamp}HINT:  Free some space.`,
  `${stamp}LOG:  startup process (PID 29) was terminated by signal 6: Aborted`,
  `${stamp}LOG:  aborting startup due to startup process failure`,
  `${stamp}LOG:  database system is shut down`,
];

test('the lines that say why are shown, not the last ones, which say only that it ended', () => {
  writeFileSync(serverLog(dir), `${full.join('\n')}\n`);
  expect(whatItSaid(dir, 0)).toBe(
    'PANIC:  could not write to file "pg_wal/xlogtemp.29": No space left on device | HINT:  Free some space.',
  );
});

test('only what was said since counts, and without a telling line the last ones do', () => {
  writeFileSync(serverLog(dir), `${stamp}FATAL:  of another day\n`);
  const from = endOfLog(dir);
  writeFileSync(serverLog(dir), `${stamp}LOG:  starting\n${stamp}LOG:  shut down\n`, { flag: 'a' });
  expect(whatItSaid(dir, from)).toBe('LOG:  starting | LOG:  shut down');
});

test('a log that is not there, or was cut meanwhile, is no fault', () => {
  expect(whatItSaid(dir, 0)).toBe('it wrote no log');
  writeFileSync(serverLog(dir), `${stamp}FATAL:  anew\n`);
  expect(whatItSaid(dir, 1_000_000)).toBe('FATAL:  anew');
});
