import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { savePolicy } from '@/lib/control/verbs/save-policy';
import { backdate, logTraffic, type TestRollout, testRollout } from '@/test/support/rollout';
import { runSluice } from '@/test/support/run-sluice';

let rollout: TestRollout;

beforeEach(async () => {
  rollout = await testRollout();
});
afterEach(() => rollout.close());

const strict = {
  redLines: [{ metric: 'p95_latency_ms', limit: 50, window: '5m', hold: '5m' }],
};

const save = (policy: unknown, confirm = false) =>
  savePolicy(rollout.control, { policy, expectedVersion: 0, reason: 'r', confirm, actor: 'operator:ann' });

describe('saving a policy', () => {
  it('whose line is crossed now, though not held yet, warns and shows it', async () => {
    await backdate(rollout.sql, 240);
    await logTraffic(rollout.sql, { fromSecondsAgo: 230, perMinute: 30 });
    await expect(save(strict)).rejects.toMatchObject({
      code: 'confirmation-needed',
      message: expect.stringMatching(
        /rolls back at [\d:]{8} UTC if it stays\. .*1,2\d\d ms.*it is held in .* Over since [\d:]{8} UTC, held for 3m \d+s of 5m; it rolls back at .* Confirm to save it/,
      ),
      members: {
        would: { kind: 'none' },
        lines: [{ metric: 'p95_latency_ms', verdict: 'breach', value: expect.closeTo(1200, -2), limit: 50 }],
        open: [],
        acted: [],
      },
    });
    expect(await save(strict, true)).toMatchObject({ version: expect.any(Number) });
  });

  it('whose line was over whenever there was anything to measure warns too, though there is nothing now', async () => {
    const brief = { ...strict, redLines: [{ ...strict.redLines[0], window: '1m' }] };
    await backdate(rollout.sql, 240);
    await logTraffic(rollout.sql, { fromSecondsAgo: 235, toSecondsAgo: 95, perMinute: 60 });
    await expect(save(brief)).rejects.toMatchObject({
      code: 'confirmation-needed',
      message: expect.stringMatching(/p95 latency has nothing to measure now, .* it rolls back at [\d:]{8} UTC if it/),
      members: {
        lines: [],
        open: [{ arm: 'runware', metric: 'p95_latency_ms', hold_seconds: 300, acts_at: expect.any(String) }],
        acted: [],
      },
    });
    // Within a bucket that is full, wherever in the present one this is read.
    await logTraffic(rollout.sql, { fromSecondsAgo: 20, toSecondsAgo: 10, perMinute: 60 });
    await expect(save(brief)).rejects.toMatchObject({
      members: { open: [], lines: [{ verdict: 'breach', breached_for_seconds: expect.closeTo(225, -2) }] },
    });
  });

  it('that would have acted within the last hour warns, though all is well now', async () => {
    await backdate(rollout.sql, 7200);
    await logTraffic(rollout.sql, { fromSecondsAgo: 3000, toSecondsAgo: 1800, perMinute: 30, failEvery: 5 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 1800, perMinute: 30 });
    await expect(save({ minRequests: 10 })).rejects.toMatchObject({
      code: 'confirmation-needed',
      members: {
        lines: [],
        acted: [{ metric: 'failure_rate', from: expect.any(String), to: expect.any(String) }],
      },
    });
    expect(await save({ minRequests: 10 }, true)).toMatchObject({ version: expect.any(Number) });
  });

  it('judges by windows longer than those of the policy before it', async () => {
    await backdate(rollout.sql, 80_000);
    await logTraffic(rollout.sql, { fromSecondsAgo: 40_000, toSecondsAgo: 30_000, perMinute: 6, failEvery: 2 });
    await logTraffic(rollout.sql, { fromSecondsAgo: 3600, perMinute: 2 });
    const long = { redLines: [{ metric: 'failure_rate', limit: 0.02, window: '1d', hold: '1h' }] };
    await expect(save(long)).rejects.toMatchObject({
      members: { lines: [{ metric: 'failure_rate', verdict: 'held' }] },
    });
  });

  it('that would have left the last hour alone is saved without a question', async () => {
    await backdate(rollout.sql, 7200);
    await logTraffic(rollout.sql, { fromSecondsAgo: 7000, perMinute: 30 });
    expect(await save({ minRequests: 10 })).toMatchObject({ version: expect.any(Number) });
  });

  it('by the command line shows the lines and needs --confirm', async () => {
    await backdate(rollout.sql, 240);
    await logTraffic(rollout.sql, { fromSecondsAgo: 230, perMinute: 30 });
    const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
    const file = join(folder, 'policy.json');
    writeFileSync(file, JSON.stringify(strict));
    const run = (...more: string[]) =>
      runSluice(['policy', 'save', file, '--yes', ...more], { databaseUrl: rollout.database.url });
    expect(await run()).toMatchObject({ code: 3, stderr: expect.stringMatching(/1,2\d\d ms/) });
    expect(await run('--confirm')).toMatchObject({ code: 0, stdout: expect.stringContaining('saved as version') });
    rmSync(folder, { recursive: true });
  });
});
