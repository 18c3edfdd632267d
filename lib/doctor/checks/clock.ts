import type { DatabaseFacts } from '../diagnosis';
import { type Finding, ok, problem } from './finding';

const mostMs = 5000;

/** Decisions follow the database's clock, so a wrong host decides nothing wrong; its logs and TLS do suffer. */
export function checkClocks({ nowMs, rollout }: DatabaseFacts, hereMs: number): readonly Finding[] {
  const how = "compared with the database's clock";
  const others = (rollout?.instances ?? []).map(({ id, host, clockSkewMs }) => ({
    name: `${id} on ${host}`,
    clockSkewMs,
  }));
  const skewed = [{ name: 'this machine', clockSkewMs: hereMs - nowMs }, ...others].filter(
    ({ clockSkewMs }) => Math.abs(clockSkewMs ?? 0) > mostMs,
  );
  if (skewed.length === 0) return [ok('clock', 'every clock is within 5 s', how)];
  return skewed.map(({ name, clockSkewMs }) => {
    const seconds = Math.round(Math.abs(clockSkewMs ?? 0) / 1000);
    const side = (clockSkewMs ?? 0) > 0 ? 'ahead' : 'behind';
    return problem('clock', `${name} is ${seconds} s ${side}`, how, 'timedatectl set-ntp true on that machine');
  });
}
