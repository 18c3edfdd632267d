import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterEach, expect, it } from 'vitest';
import { freePort } from '@/lib/postgres/embedded/free-port';
import { eventually } from '../support/eventually';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
});

const command = ['--import', 'tsx', 'scripts/sandbox.ts'];

function start(env: Record<string, string>, words: readonly string[] = []) {
  const child = spawn(process.execPath, [...command, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, line, exit };
}

it('prints where it listens, keeps its ports when started again, and ends on SIGTERM', async () => {
  const first = start({});
  const { falUrl, runwareUrl, falKey, runwareKey } = JSON.parse(await first.line);
  expect([falKey, runwareKey]).toEqual(['sandbox:sandbox', 'sandbox']);
  expect((await fetch(`${falUrl}/__sandbox`)).status).toBe(200);
  first.child.kill('SIGTERM');
  expect(await first.exit).toBe(0);
  const ports = { SANDBOX_FAL_PORT: new URL(falUrl).port, SANDBOX_RUNWARE_PORT: new URL(runwareUrl).port };
  const second = start(ports);
  expect(JSON.parse(await second.line)).toMatchObject({ falUrl, runwareUrl });
  second.child.kill('SIGINT');
  expect(await second.exit).toBe(0);
});

it('says what is wrong with a port', async () => {
  const { exit } = start({}, ['--fal-port', 'abc']);
  expect(await exit).toBe(1);
});

for (const output of ['a closed pipe', 'a full disk'] as const) {
  it.skipIf(output === 'a full disk' && process.platform !== 'linux')(
    `serves on when it prints into ${output}`,
    async () => {
      const [fal, runware] = [await freePort(), await freePort()];
      const full = output === 'a full disk' ? openSync('/dev/full', 'a') : null;
      const child = spawn(
        process.execPath,
        [...command, '--fal-port', String(fal), '--runware-port', String(runware)],
        {
          stdio: ['ignore', full ?? 'pipe', 'inherit'],
        },
      );
      children.push(child);
      if (full !== null) closeSync(full);
      child.stdout?.destroy();
      const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      const status = () =>
        fetch(`http://127.0.0.1:${runware}/__sandbox`).then(
          (answer) => answer.status,
          () => null,
        );
      await eventually(
        () => child.exitCode ?? status(),
        (now) => now === 200,
        20_000,
        50,
      );
      child.kill('SIGTERM');
      expect(await exit).toBe(0);
    },
  );
}
