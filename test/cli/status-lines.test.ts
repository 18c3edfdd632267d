import { describe, expect, it } from 'vitest';
import type { Snapshot } from '@/lib/api/snapshot';
import { statusLine, statusLines } from '@/scripts/sluice/texts/status-lines';
import { fakeLine, fakeSnapshot } from '../fakes/snapshot';

const observed = (over: Partial<Snapshot['observed']>, second?: string): string => {
  const shot = fakeSnapshot();
  const arms = shot.arms.map((arm) => (arm.name === second ? { ...arm, role: 'candidate' as const } : arm));
  const lines = statusLines({ ...shot, arms, observed: { ...shot.observed, ...over } });
  return lines.find((line) => line.startsWith('observed')) ?? '';
};
const recent = { total: 120, shares: { fal: 0.9, runware: 0.1 } };

describe('what status says of the split', () => {
  it('a change of weights is no lack of traffic', () => {
    expect(observed({ since_seconds: 12, total: 0, shares: {}, recent })).toBe(
      'observed   since the weights changed 12s ago none yet; 120 requests in the last 10m: fal 90 %, runware 10 %',
    );
    expect(observed({ since_seconds: 40, total: 10, shares: { fal: 0.5, runware: 0.5 }, recent, alarm: true })).toBe(
      'observed   since the weights changed 40s ago 10 requests, fal 50 %, runware 50 %  NOT the configured split; 120 requests in the last 10m: fal 90 %, runware 10 %',
    );
    const off = { since_seconds: 600, total: 120, shares: recent.shares, recent, alarm: true, arm: 'runware' };
    expect(observed(off)).toMatch(/runware 10 % {2}NOT the configured split$/);
    expect(observed(off, 'fal')).toMatch(/runware 10 % {2}NOT the configured split of runware$/);
    expect(observed({ since_seconds: 600, total: 120, shares: recent.shares, recent })).toBe(
      'observed   120 requests in the last 10m: fal 90 %, runware 10 %',
    );
  });

  it("names the providers of the split's own arms alone", () => {
    const shot = fakeSnapshot();
    const well = {
      ok: true,
      latency_ms: 1,
      error: null,
      configured: true,
      breaker: 'closed',
      simulated: false,
    } as const;
    const recent = { requests: 0, failures: 0, window_seconds: 300, p95_ms: null };
    const providers = { fal: { ...well, recent }, runware: { ...well, recent } };
    const arms = shot.arms.filter(({ name }) => name === 'runware');
    const named = statusLines({ ...shot, providers, arms }).filter((line) => line.startsWith('provider'));
    expect(named).toEqual([expect.stringMatching(/^provider {3}runware: /)]);
  });

  it('a warning is a line of its own, and a word in the watch', () => {
    const explanation = 'runware is slower than fal beyond chance since 2026-03-02 11:20 UTC (odds 4,000 : 1).';
    const warnings = [
      { arm: 'runware', metric: 'p95_latency_ms', since: '2026-03-02T11:20:00.000Z', odds: 4000, explanation },
    ] as const;
    const shot = { ...fakeSnapshot(), warnings };
    expect(statusLines(shot)).toContain(`warning      ${explanation}`);
    expect(statusLine(shot)).toMatch(/ {2}p95_latency_ms=worse-beyond-chance$/);
    expect(statusLine(fakeSnapshot())).not.toContain('worse');
  });

  it('what is needed of a split of jobs is jobs', () => {
    const red_lines = [fakeLine({ metric: 'end_failure_rate' })];
    expect(statusLines({ ...fakeSnapshot(), red_lines })).toContainEqual(
      expect.stringMatching(/^stage .+ of \d+ jobs/),
    );
    expect(statusLines(fakeSnapshot())).toContainEqual(expect.stringMatching(/^stage .+ of \d+ requests/));
  });

  it('no traffic is said once', () => {
    const shot = fakeSnapshot();
    const red_lines = shot.red_lines.map((line) => ({ ...line, verdict: 'no_traffic' as const }));
    const blockers = red_lines.map(({ metric, explanation }) => ({
      code: 'line_not_ok' as const,
      detail: explanation,
      params: { metric, verdict: 'no_traffic' },
    }));
    const silent = { ...shot.observed, total: 0, shares: {}, recent: { total: 0, shares: {} } };
    const text = statusLines({ ...shot, red_lines, blockers, observed: silent }).join('\n');
    expect(text.match(/no.traffic|no requests/g)).toEqual(['no traffic']);
    expect(text).toContain('observed   no traffic in the last 10m');
    const metrics = red_lines.map(({ metric }) => metric).join(', ');
    expect(text).toContain(`  blocked  line_not_ok: ${metrics}`);
    const baselineOnly = statusLines({ ...shot, red_lines, blockers }).join('\n');
    expect(baselineOnly.match(/no.traffic|no requests/g)).toEqual(['no_traffic']);
    expect(baselineOnly).toContain(`no_traffic   runware: ${metrics}`);
  });
});
