import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const sockets = new Set<Socket>();
const hung = createServer((socket) => {
  sockets.add(socket.on('error', () => {}));
});
let port: number;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));
  await new Promise<void>((done) => hung.listen(0, '127.0.0.1', done));
  port = (hung.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => hung.close(done));
  rmSync(folder, { recursive: true, force: true });
});

function doctor(args: readonly string[], more: Record<string, string> = {}): Promise<{ code: number; stdout: string }> {
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'test' as const, SLUICE_DATA_DIR: folder, PORT: '0', ...more };
  return new Promise((done) => {
    const all = ['scripts/sluice/bin.mjs', 'doctor', ...args];
    execFile(process.execPath, all, { env, timeout: 50_000 }, (error, stdout) => {
      done({ code: error ? Number(error.code ?? -1) : 0, stdout });
    });
  });
}

describe('sluice doctor', () => {
  it('ends by itself, with 1 and a line for each, when everything it asks hangs', async () => {
    const place = `https://127.0.0.1:${port}`;
    const { code, stdout } = await doctor(['--json'], {
      DATABASE_URL: `postgres://u:very-secret@127.0.0.1:${port}/db`,
      FAL_KEY: 'an-id:a-good-key',
      FAL_BASE_URL: place,
      RUNWARE_API_KEY: 'rw-good-key-4711',
      RUNWARE_BASE_URL: place,
      PORT: String(port),
    });
    expect(code).toBe(1);
    const { healthy, findings } = JSON.parse(stdout) as {
      healthy: boolean;
      findings: { check: string; status: string; fix: string }[];
    };
    expect(healthy).toBe(false);
    const bad = findings.filter(({ status }) => status === 'problem');
    expect(bad.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['port', 'tls', 'provider fal', 'provider runware', 'database']),
    );
    expect(bad.every(({ fix }) => fix.length > 5)).toBe(true);
    expect(stdout).not.toMatch(/very-secret|a-good-key|rw-good-key/);
  });

  it('says one line each, for people', async () => {
    const { code, stdout } = await doctor([], { FAL_KEY: '"quoted"', SLUICE_SANDBOX: '1' });
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^PROBLEM environment: FAL_KEY contains a quotation mark.* → set FAL_KEY to the bare value/m,
    );
    expect(stdout).toMatch(/^PROBLEM database: no database is known/m);
    expect(stdout).not.toContain('"quoted"');
  });

  it('answers 2 to a command line it does not know', async () => {
    expect((await doctor(['--louder'])).code).toBe(2);
    expect((await doctor(['now'])).code).toBe(2);
  });
});
