import { expect, it } from 'vitest';
import { closedGatesOf, gatesOf } from '@/app/_components/overview/gates';
import type { Snapshot } from '@/lib/api/snapshot';
import type { Blocker } from '@/lib/rule/blocker';
import { fakeLine, fakeSnapshot } from '@/test/fakes/snapshot';

const blocker = (code: Blocker['code'], params: Blocker['params'] = {}): Blocker => ({ code, detail: code, params });
const item = (
  id: 'time_served' | 'failure_rate' | 'advance' | 'seen_by_all',
  state: 'ok' | 'waiting',
  arm?: string,
) => ({
  ...{ id, state, detail: '' },
  ...(arm === undefined ? {} : { arm }),
});
type Said = Pick<Snapshot, 'checklist' | 'blockers'> & Partial<Snapshot>;
const told = (said: Said) =>
  gatesOf(fakeSnapshot(said)).map(({ item, blockers, state }) => [
    ...[item?.id ?? null, item?.arm ?? '', blockers.map(({ code }) => code).join(' '), state],
  ]);

it('says what a closed gate says at its line of the checklist', () => {
  const checklist = [item('seen_by_all', 'ok'), item('time_served', 'waiting'), item('advance', 'waiting')];
  expect(told({ checklist, blockers: [blocker('time_not_served'), blocker('paused'), blocker('last_stage')] })).toEqual(
    [
      [null, '', 'paused', 'waiting'],
      ['time_served', '', 'time_not_served', 'waiting'],
      ['seen_by_all', '', '', 'ok'],
    ],
  );
});

it('tells the candidates apart, and ticks no line whose gate is closed', () => {
  const checklist = [item('failure_rate', 'ok', 'new'), item('failure_rate', 'ok', 'small')];
  const about = { metric: 'failure_rate' };
  const blockers = [
    blocker('line_not_ok', { ...about, arm: 'small' }),
    blocker('early_warning', { ...about, candidate: 'small' }),
  ];
  expect(told({ checklist, blockers })).toEqual([
    ['failure_rate', 'small', 'line_not_ok early_warning', 'waiting'],
    ['failure_rate', 'new', '', 'ok'],
  ]);
});

it('counts what is met among all, and names what is not', () => {
  const checklist = [item('failure_rate', 'ok', 'small'), item('seen_by_all', 'ok'), item('advance', 'waiting')];
  const about = { metric: 'failure_rate', arm: 'small', candidate: 'small' };
  const blockers = [blocker('line_not_ok', { ...about, verdict: 'breach' }), blocker('early_warning', about)];
  expect(closedGatesOf(fakeSnapshot({ checklist, blockers }))).toMatchObject({
    first: blockers[0],
    unmet: 1,
    met: 1,
    all: 2,
  });
  expect(closedGatesOf(fakeSnapshot({ checklist, blockers: [] }))).toMatchObject({ first: undefined, met: 2, all: 2 });
});

it('counts as not met every line that is not met, and no closed gate twice', () => {
  const tooFew = blocker('too_few_requests');
  const lines = (['failure_rate', 'p95_latency_ms'] as const).map((id) => ({ ...item('time_served', 'waiting'), id }));
  const checklist = [...lines, item('seen_by_all', 'ok'), item('advance', 'waiting')];
  const counted = { first: tooFew, unmet: 3, met: 1, all: 4 };
  expect(closedGatesOf(fakeSnapshot({ checklist, blockers: [tooFew] }))).toEqual(counted);
});

it('names the worst first: what must be looked at, as the tiles have it, before what comes with time', () => {
  const late = { verdict: 'breach', acts_at: '2026-03-02T11:33:00.000Z' } as const;
  const red_lines = [
    fakeLine({ metric: 'p95_latency_ms', ...late }),
    fakeLine({ verdict: 'breach', acts_at: '2026-03-02T11:30:40.000Z' }),
    fakeLine({ metric: 'cost_per_image', verdict: 'insufficient' }),
  ];
  const blockers = [
    blocker('time_not_served'),
    ...red_lines.map(({ metric, verdict }) => blocker('line_not_ok', { metric, verdict })),
    blocker('paused'),
  ];
  const lines = ['p95_latency_ms', 'failure_rate', 'cost_per_image'] as const;
  const checklist = [
    item('time_served', 'waiting'),
    ...lines.map((id) => ({
      id,
      state: id === 'cost_per_image' ? ('waiting' as const) : ('failing' as const),
      detail: '',
    })),
  ];
  expect(told({ checklist, blockers, red_lines }).map(([id, , codes]) => id ?? codes)).toEqual([
    'failure_rate',
    'p95_latency_ms',
    'paused',
    'cost_per_image',
    'time_served',
  ]);
  expect(closedGatesOf(fakeSnapshot({ checklist, blockers, red_lines })).first).toBe(blockers[2]);
});

it('waits for no line of a candidate that has no share: those come last, and count for nothing', () => {
  const checklist = [item('failure_rate', 'waiting'), item('seen_by_all', 'ok')];
  const red_lines = [fakeLine({ verdict: 'no_traffic' })];
  const rest = { checklist, blockers: [], red_lines, weights: { fal: 1, runware: 0 } };
  expect(told(rest)).toEqual([
    ['seen_by_all', '', '', 'ok'],
    ['failure_rate', '', '', 'later'],
  ]);
  expect(closedGatesOf(fakeSnapshot(rest)).all).toBe(1);
  const served = { ...rest, checklist: [item('time_served', 'ok')] };
  expect(told(served)).toEqual([['time_served', '', '', 'later']]);
  expect(told({ ...rest, weights: { fal: 0.9, runware: 0.1 } }).at(0)).toEqual(['failure_rate', '', '', 'waiting']);
});
