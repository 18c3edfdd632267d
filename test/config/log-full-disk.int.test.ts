import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
let child: ChildProcess | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-full-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const program = (file: string) => `
  import { closeSync, openSync } from 'node:fs';
  import { createLog } from '${join(process.cwd(), 'lib/config/log.ts')}';
  const log = createLog('info', { process: 'test' });
  const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (let i = 0; i < 300; i += 1) log.info({ i, filling: 'x'.repeat(2000) }, 'onto a full disk');
  await soon();
  console.log('this neither');
  await soon();
  closeSync(1);
  openSync('${file}', 'a');
  log.info('there is room again');
  await soon();`;

test.runIf(process.platform === 'linux')(
  'a process whose log is on a full disk lives, and counts what it loses',
  async () => {
    const log = join(folder, 'log');
    const file = join(folder, 'child.mts');
    writeFileSync(file, program(log));
    const full = openSync('/dev/full', 'a');
    child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    let complaints = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints += chunk;
    });
    const code = await new Promise((resolve) => child?.once('close', resolve));
    expect([code, complaints]).toEqual([0, '']);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    const said = lines.map((line): string => JSON.parse(line).msg);
    expect(said[0]).toBe('onto a full disk');
    expect(said.at(-1)).toMatch(/^\d+ lines of this log could not be written and are lost; it is written again$/);
    const kept = said.filter((line) => line === 'onto a full disk').length;
    expect(kept + Number.parseInt(said.at(-1) ?? '', 10)).toBeGreaterThanOrEqual(300);
  },
);
