import { expect, it } from 'vitest';
import { begunAt, liveLine, openAlerts } from '@/app/_components/banners/open-alerts';
import type { AlertKind, AlertView } from '@/lib/api/alerts';
import type { Snapshot } from '@/lib/api/snapshot';
import { fakeLine, fakeSnapshot } from '@/test/fakes/snapshot';

const crossed = fakeLine({ verdict: 'breach' });
const alert = (kind: AlertKind, params: AlertView['params'] = { line: crossed }): AlertView => ({
  ...{ id: 1, kind, at: '2026-03-02T11:00:00.000Z', detail: '', params, journal_id: null, blocks_advance: false },
  ...{ acknowledged: null, resolved_at: null },
});
const latched = { at: '2026-03-02T11:00:00.000Z', by: 'watchdog', reason: null, journal_id: 1 };
const told = (alerts: readonly AlertView[], over: Partial<Snapshot> = {}, isOverview = false) =>
  openAlerts(fakeSnapshot({ alerts, ...over }), isOverview).map(({ kind }) => kind);

it('tells of a breach on every page but the overview, which shows it; of one that is over everywhere', () => {
  const live = { red_lines: [crossed] };
  expect(told([alert('breach_begun')], live)).toEqual(['breach_begun']);
  expect(told([alert('breach_begun')], live, true)).toEqual([]);
  expect(told([alert('breach_begun')], {}, true)).toEqual(['breach_begun']);
  expect(liveLine(alert('breach_begun'), [crossed])).toBe(crossed);
  expect(liveLine(alert('breach_begun'), [fakeLine()])).toBeNull();
});

it('closes what a rollback or a re-arm has answered', () => {
  expect(told([alert('breach_begun'), alert('rolled_back')], { latched })).toEqual(['rolled_back']);
  expect(told([alert('rolled_back', { arms: ['runware'] })])).toEqual([]);
  const arms = fakeSnapshot().arms.map((arm) => ({ ...arm, latched: arm.name === 'runware' ? latched : null }));
  expect(told([alert('rolled_back', { arms: ['runware'] })], { arms })).toEqual(['rolled_back']);
});

it('leaves out what somebody has acknowledged', () => {
  const acknowledged = { at: '2026-03-02T11:00:00.000Z', by: 'ann', reason: null };
  expect(told([{ ...alert('missed_hold'), acknowledged }, alert('blind')])).toEqual(['blind']);
});

it('has a breach begin where its tile does, however late the tick came that saw it', () => {
  const line = { ...crossed, breachedForSeconds: 20 };
  const late = { ...alert('breach_begun', { line }), at: '2026-03-02T11:00:08.000Z' };
  expect(begunAt(late)).toBe('2026-03-02T10:59:40.000Z');
  expect(begunAt({ ...late, kind: 'held_not_acted' })).toBe(late.at);
});
