import type { Snapshot } from '@/lib/api/snapshot';
import { durationText } from '@/lib/kernel/duration';
import { countedBy } from '@/lib/split/policy/metrics';

const percent = (share: number): string => `${Math.round(share * 1e4) / 100} %`;

/** A snapshot as an operator reads it in a terminal: where, is it well, what is next. */
export function statusLines(shot: Omit<Snapshot, 'me'>): string[] {
  const { observation, next } = shot;
  const served = durationText(observation.served_seconds);
  const needed = observation.needed_seconds === null ? 'no end' : durationText(observation.needed_seconds);
  return [
    `${shot.split}  ${stageText(shot)}${shot.mode === 'sandbox' ? '  SANDBOX' : ''}  version ${shot.version}  policy ${shot.policy.version}`,
    `weights    ${sharesText(shot.weights)}`,
    ...(shot.weights_fault === null
      ? []
      : [`           as instances route them; not what is stored: ${shot.weights_fault}`]),
    `observed   ${observedText(shot)}`,
    `stage      ${served} of ${needed}, ${observation.requests} of ${observation.needed_requests} ${countedBy({ redLines: shot.red_lines })}${shot.stage_by ? `, by ${shot.stage_by}` : ''}`,
    ...stateLines(shot),
    `watchdog   ${watchdogText(shot)}`,
    ...redLineLines(shot),
    ...shot.warnings.map(({ explanation }) => `warning      ${explanation}`),
    ...ownProviders(shot).map(
      ([name, each]) => `provider   ${name}: ${each.ok ? 'ok' : `not ok, ${each.error ?? 'unknown'}`}`,
    ),
    ...shot.alerts.map(
      (alert) => `alert ${alert.id}  ${alert.kind}${alert.acknowledged ? ' (acknowledged)' : ''}: ${alert.detail}`,
    ),
    next ? `next       ${next.name} ${sharesText(next.weights)}` : 'next       nothing',
    ...blockerLines(shot),
  ];
}

/** Those of this split's arms; other splits have theirs in the registry, too. */
function ownProviders({ arms, providers }: Omit<Snapshot, 'me'>) {
  const own = new Set(arms.map(({ provider }) => provider));
  return Object.entries(providers).filter(([name]) => own.has(name));
}

/** The state in one line, for logs and pipes. */
export function statusLine(shot: Omit<Snapshot, 'me'>): string {
  const lines = shot.red_lines.map(
    ({ metric, verdict, value }) => `${metric}=${value === null ? '-' : Number(value.toPrecision(4))}:${verdict}`,
  );
  const worse = shot.warnings.map(({ metric }) => `  ${metric}=worse-beyond-chance`).join('');
  const tick = shot.watchdog.alive ? 'alive' : 'SILENT';
  return `${shot.now}  v${shot.version} ${stageText(shot)} ${sharesText(shot.weights)}  watchdog ${tick}  ${lines.join('  ')}${worse}`;
}

/** The stage, and which candidates were taken back alone. */
function stageText({ stage, without }: Omit<Snapshot, 'me'>): string {
  return without.length === 0 ? stage : `${stage} without ${without.join(', ')}`;
}

function sharesText(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${percent(share)}`)
    .join(', ');
}

/** After a write the counts begin anew, which says nothing about whether there is traffic. */
function observedText({ observed, arms, red_lines: redLines }: Omit<Snapshot, 'me'>): string {
  const of = countedBy({ redLines });
  const { since_seconds: since, window_seconds: window, total, shares, recent, alarm, arm } = observed;
  const which = arm !== null && arms.filter(isCandidate).length > 1 ? ` of ${arm}` : '';
  const [whole, warning] = [durationText(window), alarm ? `  NOT the configured split${which}` : ''];
  if (recent.total === 0) return `no traffic in the last ${whole}`;
  const lately = `${recent.total} ${of} in the last ${whole}: ${sharesText(recent.shares)}`;
  if (since >= window) return `${lately}${warning}`;
  const counted = total === 0 ? 'none yet' : `${total} ${of}, ${sharesText(shares)}`;
  return `since the weights changed ${durationText(since)} ago ${counted}${warning}; ${lately}`;
}

/** Lines that nothing can be said of share one; where no traffic comes it has been said. */
function redLineLines({ red_lines: lines, candidate, observed }: Omit<Snapshot, 'me'>): string[] {
  const silent = lines.filter(({ verdict }) => verdict === 'no_traffic').map(({ metric }) => metric);
  const judged = lines.filter(({ verdict }) => verdict !== 'no_traffic');
  return [
    ...judged.map((line) => `${line.verdict.padEnd(12)} ${line.explanation}`),
    ...(silent.length > 0 && observed.recent.total > 0 ? [`no_traffic   ${candidate}: ${silent.join(', ')}`] : []),
  ];
}

const isCandidate = ({ role }: Snapshot['arms'][number]): boolean => role === 'candidate';

/** What stands above already is named, not repeated. */
function blockerLines({ blockers, arms }: Omit<Snapshot, 'me'>): string[] {
  const named = (arm: unknown, metric: unknown) => (arms.filter(isCandidate).length > 1 ? `${arm} ${metric}` : metric);
  const ofLines = blockers
    .filter(({ code }) => code === 'line_not_ok')
    .map(({ params: { arm, metric } }) => named(arm, metric));
  const others = blockers.filter(({ code }) => code !== 'line_not_ok');
  return [
    ...others.map(({ code, detail }) => `  blocked  ${code}: ${detail}`),
    ...(ofLines.length > 0 ? [`  blocked  line_not_ok: ${ofLines.join(', ')}`] : []),
  ];
}

function stateLines({ paused, latched }: Omit<Snapshot, 'me'>): string[] {
  return [
    ...(paused ? [`paused     by ${paused.by} at ${paused.at}${paused.reason ? `: ${paused.reason}` : ''}`] : []),
    ...(latched ? [`rolled back by ${latched.by} at ${latched.at}${latched.reason ? `: ${latched.reason}` : ''}`] : []),
  ];
}

function watchdogText({ watchdog }: Omit<Snapshot, 'me'>): string {
  const error = watchdog.last_error ? `, last error: ${watchdog.last_error}` : '';
  if (watchdog.last_tick_at === null) return `has never ticked${error}`;
  return `${watchdog.alive ? 'alive' : 'SILENT'}, last tick ${watchdog.last_tick_at} by ${watchdog.by}${error}`;
}
