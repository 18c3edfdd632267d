import type { SpendingRow } from '@/lib/registry/spending-store';
import type { GaugeRow, Reading } from './readings';

type Labels = Readonly<Record<string, string>>;

const each =
  (pick: (row: SpendingRow) => readonly (readonly [Labels, number | undefined])[]): Reading =>
  ({ rollout }) =>
    (rollout?.spending ?? []).flatMap((row) =>
      pick(row).map(([labels, value]) => [{ of: row.of, name: row.name, ...labels }, value ?? null] as const),
    );

/** What stored callers and splits of jobs spend; each page of Prometheus names at most so many of either. */
export const spendingGauges: readonly GaugeRow[] = [
  [
    'sluice_jobs_usd_today',
    'What the jobs of today (UTC) come to: spent, unknown (may have been charged) or held. At most 200 of each are named.',
    ['of', 'name', 'kind'],
    each(({ today }) => [
      [{ kind: 'spent' }, today.spent_usd],
      [{ kind: 'unknown' }, today.unknown_usd],
      [{ kind: 'held' }, today.held_usd],
    ]),
  ],
  ['sluice_jobs_begun_today', 'Jobs begun today (UTC).', ['of', 'name'], each(({ today }) => [[{}, today.begun]])],
  ['sluice_jobs_in_flight', 'Jobs that have not ended.', ['of', 'name'], each(({ today }) => [[{}, today.in_flight]])],
  [
    'sluice_jobs_cap',
    'What may be spent, begun or in flight at most; none where nothing is limited.',
    ['of', 'name', 'cap'],
    each(({ quota: { jobs = {} } }) => Object.entries(jobs).map(([cap, limit]) => [{ cap }, limit] as const)),
  ],
];
