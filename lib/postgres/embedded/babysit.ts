import { spawn } from 'node:child_process';
import { ownerPath } from './owner';
import { environment } from './run';
import type { Ids } from './run-as';

/**
 * A tiny process that waits on a pipe for our end, however it comes (kill -9 included), and then stops Postgres.
 * It keeps our user, because node itself may live in a home that the user of Postgres cannot enter.
 */
const program = `
const { spawnSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const [pgCtl, dir, owner, token, ids] = process.argv.slice(1);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
const isOurs = () => {
  try { return readFileSync(owner, 'utf8') === token; } catch { return false; }
};
const how = { ...JSON.parse(ids), cwd: '/', stdio: 'ignore' };
const stop = (mode, seconds) => spawnSync(pgCtl, ['-D', dir, '-m', mode, '-w', '-t', seconds, 'stop'], how).status === 0;
process.stdin.resume().on('close', () => {
  // One that was just being launched appears only now.
  const untilMs = Date.now() + 5000;
  while (isOurs() && !stop('fast', '8') && !stop('immediate', '8') && Date.now() < untilMs) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  process.exit();
});`;

export function babysit(pgCtl: string, dir: string, token: string, ids: Ids): { dismiss(): void } {
  const args = ['-e', program, '--', pgCtl, dir, ownerPath(dir), token, JSON.stringify(ids)];
  const child = spawn(process.execPath, args, {
    env: environment,
    cwd: '/',
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => {});
  child.unref();
  const pipe = child.stdin as typeof child.stdin & { unref?(): void };
  pipe.unref?.();
  return { dismiss: () => child.kill('SIGKILL') };
}
