'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useSnapshot } from '@/app/_queries/snapshot';
import type { PreflightRow } from '@/lib/replay/simulate/preflight';
import type { PolicyWire } from '@/lib/split/policy/format-policy';
import { judgedBy } from '@/lib/split/policy/metrics';
import { useFormats } from '../format/use-formats';
import { Choice } from '../settings/choice';
import { policyOf } from '../state/policy/policy-draft';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { ScrollBox } from '../ui/scroll-box';
import { Charted } from './charted';
import { JobOutlookTable } from './job-outlook-table';
import { simulateStage } from './simulate-stage';
import { StaleMark } from './stale-mark';

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
        <ScrollBox label={t('policy.preflight')} className="mt-2 overflow-x-auto">
          <table className="w-full min-w-110 text-sm">
            <thead>
              <tr className="border-b text-right text-muted text-xs [&>th]:py-1 [&>th]:pl-3 [&>th]:font-normal">
                <th scope="col">{t('preflight.perMinute')}</th>
                <th scope="col">{t('preflight.falseRollback')}</th>
                <th scope="col">{t('preflight.detect')}</th>
                <th scope="col">{t('preflight.smallest')}</th>
                <th scope="col">{t('preflight.enough')}</th>
                {isOfJobs && <th scope="col">{t('preflight.untilJobsKnown')}</th>}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr
                  key={`${row.requests_per_minute} ${row.arm ?? ''}`}
                  className="border-b text-right last:border-b-0 [&>td]:py-1 [&>td]:pl-3"
                >
                  <th scope="row" className="font-medium whitespace-nowrap">
                    {row.requests_per_minute === own && (
                      <span className="mr-1.5 font-normal text-accent text-xs">{t('preflight.yours')}</span>
                    )}
                    {count(row.requests_per_minute)}
                  </th>
                  <td>
                    <Charted value={row.false_rollback * 100} among={rows.map((each) => each.false_rollback * 100)}>
                      {percent(row.false_rollback)}
                    </Charted>
                  </td>
                  <td>
                    <Charted
                      value={row.outage_median_minutes}
                      among={rows.map(({ outage_median_minutes: after }) => after)}
                    >
                      {minutes(row.outage_median_minutes)}
                    </Charted>
                  </td>
                  <td>{percent(row.smallest_failure_rate_found)}</td>
                  <td>
                    <Charted value={inMinutes(row)} among={rows.map(inMinutes)}>
                      {minutes(inMinutes(row))}
                    </Charted>
                  </td>
                  {isOfJobs && <td>{minutes(row.minutes_until_jobs_known ?? null)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
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
