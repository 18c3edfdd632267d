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
process.stdin.resume().on('close', () => {
  let now = '';
  try { now = readFileSync(owner, 'utf8'); } catch {}
  if (now === token) {
    const how = { ...JSON.parse(ids), cwd: '/', stdio: 'ignore' };
    const stop = (mode, seconds) => spawnSync(pgCtl, ['-D', dir, '-m', mode, '-w', '-t', seconds, 'stop'], how).status;
    if (stop('fast', '8') !== 0) stop('immediate', '8');
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
