import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runSluice } from '../support/run-sluice';

let folder: string;
const begin = Date.UTC(2026, 0, 1);
const iso = (second: number) => new Date(begin + second * 1000).toISOString();

/** An hour of D1 at one request a second to the candidate; from `brokenAt` on every third fails. */
function recording(brokenAt: number, fixedAt = 3600): string {
  const write = { flag_key: 'GEN_PROVIDER_WEIGHTS', flag_value_text: '{"fal":0.9,"runware":0.1}', updated_at: iso(0) };
  const events = Array.from({ length: 3600 }, (_, second) => ({
    event_type: 'gen_route',
    event_data: {
      provider: 'runware',
      latency_ms: 900,
      ...(second >= brokenAt && second < fixedAt && second % 3 === 0 ? { error: 'x' } : {}),
    },
    created_at: iso(second),
  }));
  return [write, ...events].map((line) => JSON.stringify(line)).join('\n');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-replay-'));
  writeFileSync(join(folder, 'a-broken.ndjson'), recording(1800));
  writeFileSync(join(folder, 'b-minute.ndjson'), recording(1800, 1860));
  writeFileSync(
    join(folder, 'policy.txt'),
    '{"minRequests":1,"redLines":[{"metric":"failure_rate","limit":0.9,"window":"5m","hold":"5m"}]}',
  );
  writeFileSync(join(folder, 'bad.txt'), '{"minRequests":-1}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const replay = (...args: string[]) => runSluice(['replay', ...args, '--json']);

it('needs no database and says when it would have rolled back', async () => {
  const { code, stdout } = await replay('--ndjson', join(folder, 'a-broken.ndjson'));
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ red_line: 'failure_rate', verdicts: expect.any(Array) });
  expect(report).not.toHaveProperty('file');
  const afterMinutes = (Date.parse(report.rollback_at) - begin) / 60_000;
  expect(afterMinutes).toBeGreaterThanOrEqual(35);
  expect(afterMinutes).toBeLessThanOrEqual(36);
});

it('answers one object a line, with its file, for a folder and for several files', async () => {
  const { stdout } = await replay('--ndjson', folder);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { file: join(folder, 'a-broken.ndjson'), rollback_at: expect.any(String) },
    { file: join(folder, 'b-minute.ndjson'), rollback_at: null, red_line: null },
  ]);
  const named = await replay('--ndjson', join(folder, 'b-minute.ndjson'), join(folder, 'a-broken.ndjson'));
  expect(named.stdout.trim().split('\n')).toHaveLength(2);
});

it('stops at --until, judges by --policy and names the faults of a bad one', async () => {
  const file = join(folder, 'a-broken.ndjson');
  expect(JSON.parse((await replay('--ndjson', file, '--until', iso(2000))).stdout)).toMatchObject({
    rollback_at: null,
  });
  const lenient = await replay('--ndjson', file, '--policy', join(folder, 'policy.txt'));
  expect(JSON.parse(lenient.stdout)).toMatchObject({ rollback_at: null, policy: 'given' });
  const bad = await replay('--ndjson', file, '--policy', join(folder, 'bad.txt'));
  expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('minRequests') });
  expect((await replay('--ndjson', join(folder, 'none.ndjson'))).code).toBe(1);
});
