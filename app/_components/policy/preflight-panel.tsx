'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { PreflightRow } from '@/lib/replay/simulate/preflight';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { judgedBy } from '@/lib/split/policy/metrics';
import { useFormats } from '../format/use-formats';
import { StackedCell, stackedRow } from '../lists/stacked-cell';
import { StackedTable } from '../lists/stacked-table';
import { Choice } from '../settings/choice';
import { policyOf } from '../state/policy/policy-draft';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { Charted } from './charted';
import { JobOutlookTable } from './job-outlook-table';
import { simulateStage } from './simulate-stage';
import { StaleMark } from './stale-mark';

const figures = ['perMinute', 'falseRollback', 'detect', 'smallest', 'enough'] as const;

/** What the policy in the form can see: the live rule on made-up traffic, simulated in this browser. */
export function PreflightPanel({ policy, complete }: { readonly policy: PolicyWire; readonly complete: boolean }) {
  const t = useTranslations();
  const { duration, percent, count } = useFormats();
  const perMinute = usePerMinute();
  const [chosen, setChosen] = useState(policy.stages[0]?.name ?? '');
  // What it was called may be gone.
  const stage = (policy.stages.find(({ name }) => name === chosen) ?? policy.stages[0])?.name ?? '';
  const [asked, setAsked] = useState<PolicyWire | null>(null);
  // Traffic goes on changing while the table stands.
  const [own, setOwn] = useState<number | null>(null);
  const [rows, setRows] = useState<readonly PreflightRow[]>([]);
  const [running, setRunning] = useState(false);
  const run = async () => {
    setRunning(true);
    setRows([]);
    setAsked(policy);
    setOwn(perMinute);
    await simulateStage(policy, stage, perMinute, (row) => setRows((known) => [...known, row]));
    setRunning(false);
  };
  const isOfJobs = judgedBy(policy) === 'job';
  const columns = isOfJobs ? ([...figures, 'untilJobsKnown'] as const) : figures;
  const minutes = (value: number | null) => (value === null ? '–' : duration(value * 60));
  return (
    <Panel title={t('policy.preflight')}>
      <p className="text-muted text-sm">{t('policy.preflightHint')}</p>
      <div className="mt-2 flex gap-2">
        <Choice
          aria-label={t('preflight.stage')}
          value={stage}
          options={policy.stages.map(({ name }) => name)}
          onChange={setChosen}
          className="w-auto!"
        />
        <Button look="solid" disabled={!complete || running} onClick={run}>
          {running ? t('policy.running') : t('policy.run')}
        </Button>
      </div>
      {rows.length > 0 && asked !== null && <StaleMark asked={asked} policy={policy} />}
      {rows.length > 0 && (
        <div className="mt-2">
          <StackedTable
            caption={t('policy.preflight')}
            columns={columns.map((name) => ({ name: t(`preflight.${name}`), isNumeric: true }))}
            isFramed
          >
            {rows.map((row) => (
              <tr key={`${row.requests_per_minute} ${row.arm ?? ''}`} className={stackedRow}>
                <th
                  scope="row"
                  className="text-left font-medium max-md:col-span-2 md:whitespace-nowrap md:px-3 md:py-2 md:text-right"
                >
                  {row.requests_per_minute === own && (
                    <span className="mr-1.5 font-normal text-accent text-xs">{t('preflight.yours')}</span>
                  )}
                  {count(row.requests_per_minute)}
                  <span className="ml-1.5 font-normal text-muted text-xs md:hidden">{t('preflight.perMinute')}</span>
                </th>
                <StackedCell name={t('preflight.falseRollback')} numeric>
                  <Charted value={row.false_rollback * 100} among={rows.map((each) => each.false_rollback * 100)}>
                    {percent(row.false_rollback)}
                  </Charted>
                </StackedCell>
                <StackedCell name={t('preflight.detect')} numeric>
                  <Charted
                    value={row.outage_median_minutes}
                    among={rows.map(({ outage_median_minutes: after }) => after)}
                  >
                    {minutes(row.outage_median_minutes)}
                  </Charted>
                </StackedCell>
                <StackedCell name={t('preflight.smallest')} numeric>
                  {percent(row.smallest_failure_rate_found)}
                </StackedCell>
                <StackedCell name={t('preflight.enough')} numeric>
                  <Charted value={inMinutes(row)} among={rows.map(inMinutes)}>
                    {minutes(inMinutes(row))}
                  </Charted>
                </StackedCell>
                {isOfJobs && (
                  <StackedCell name={t('preflight.untilJobsKnown')} numeric>
                    {minutes(row.minutes_until_jobs_known ?? null)}
                  </StackedCell>
                )}
              </tr>
            ))}
          </StackedTable>
        </div>
      )}
      {isOfJobs && complete && <JobOutlookTable policy={policyOf(policy)} />}
    </Panel>
  );
}

const inMinutes = ({ hours_to_min_requests: hours }: PreflightRow) => (hours === null ? null : hours * 60);

/** What goes through the split now, as a level of its own; null without traffic. */
function usePerMinute(): number | null {
  const traffic = useSnapshot()?.traffic;
  if (!traffic || traffic.requests === 0) return null;
  return Number(((traffic.requests / traffic.window_seconds) * 60).toPrecision(2));
}
