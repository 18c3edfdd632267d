import { durationText } from '@/lib/rollout/duration';
import type { Snapshot } from '@/lib/rollout/snapshot';

const percent = (share: number): string => `${Math.round(share * 1e4) / 100} %`;

/** A snapshot as an operator reads it in a terminal: where, is it well, what is next. */
export function statusLines(shot: Omit<Snapshot, 'me'>): string[] {
  const { observation, next } = shot;
  const served = durationText(observation.served_seconds);
  const needed = observation.needed_seconds === null ? 'no end' : durationText(observation.needed_seconds);
  return [
    `${shot.split}  ${shot.stage}${shot.mode === 'sandbox' ? '  SANDBOX' : ''}  version ${shot.version}  policy ${shot.policy.version}`,
    `weights    ${sharesText(shot.weights)}`,
    `observed   ${shot.observed.total} requests in ${durationText(shot.observed.window_seconds)}: ${sharesText(shot.observed.shares) || 'none'}${shot.observed.alarm ? '  NOT the configured split' : ''}`,
    `stage      ${served} of ${needed}, ${observation.requests} of ${observation.needed_requests} requests${shot.stage_by ? `, by ${shot.stage_by}` : ''}`,
    ...stateLines(shot),
    `watchdog   ${watchdogText(shot)}`,
    ...shot.red_lines.map((line) => `${line.verdict.padEnd(12)} ${line.explanation}`),
    ...Object.entries(shot.providers).map(
      ([name, each]) => `provider   ${name}: ${each.ok ? 'ok' : `not ok, ${each.error ?? 'unknown'}`}`,
    ),
    ...shot.alerts.map(
      (alert) => `alert ${alert.id}  ${alert.kind}${alert.acknowledged ? ' (acknowledged)' : ''}: ${alert.detail}`,
    ),
    next ? `next       ${next.name} ${sharesText(next.weights)}` : 'next       nothing',
    ...shot.blockers.map((blocker) => `  blocked  ${blocker.code}: ${blocker.detail}`),
  ];
}

/** The state in one line, for logs and pipes. */
export function statusLine(shot: Omit<Snapshot, 'me'>): string {
  const lines = shot.red_lines.map(
    ({ metric, verdict, value }) => `${metric}=${value === null ? '-' : Number(value.toPrecision(4))}:${verdict}`,
  );
  const tick = shot.watchdog.alive ? 'alive' : 'SILENT';
  return `${shot.now}  v${shot.version} ${shot.stage} ${sharesText(shot.weights)}  watchdog ${tick}  ${lines.join('  ')}`;
}

function sharesText(shares: Readonly<Record<string, number>>): string {
  return Object.entries(shares)
    .map(([name, share]) => `${name} ${percent(share)}`)
    .join(', ');
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
