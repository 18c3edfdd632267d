import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import { advanceStage } from '@/lib/control/verbs/advance-stage';
import { Refusal } from '@/lib/kernel/refusal';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { backdate, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import { steadyTraffic } from '../support/steady-traffic';
import { fault } from './fault';

let world: FaultWorld;
let rollout: TestRollout;
const role = `sluice_web_${randomBytes(6).toString('hex')}`;
const writers =
  'sluice.write_lines(uuid, text[], double precision[], text), sluice.write_plain_batch(uuid, jsonb), sluice.write_batch(uuid, jsonb), sluice.write_batch_one_by_one(uuid, text[])';
let url: string;
beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  const { sql, database } = rollout;
  await sql.unsafe(`create role ${role} login password '${role}'`);
  for (const schema of ['public', 'sluice']) {
    await sql.unsafe(`grant usage on schema ${schema} to ${role}`);
    for (const things of ['tables', 'sequences', 'functions']) {
      await sql.unsafe(`grant all on all ${things} in schema ${schema} to ${role}`);
    }
  }
  await sql.unsafe(`alter role ${role} bypassrls`);
  const own = new URL(database.url);
  own.username = role;
  own.password = role;
  url = own.toString();
});
afterAll(async () => {
  await world.close();
  await rollout.sql.unsafe(`drop owned by ${role}`);
  await rollout.sql.unsafe(`drop role ${role}`);
  await rollout.close();
});

fault(
  'F27',
  {
    what: 'requests routed, no event arrives',
    injected:
      'the right to write events revoked from the web process’s role under 10 requests a second; a real watchdog',
    expected: 'blind within a minute, alert, no advance; nothing lost afterwards',
  },
  async (saw) => {
    const { sql, control, database } = rollout;
    await backdate(sql, 3700);
    await logTraffic(sql, { fromSecondsAgo: 3660, perMinute: 10 });
    await logTraffic(sql, { provider: 'fal', fromSecondsAgo: 3660, perMinute: 30 });
    const web = await world.web(url);
    await world.watchdog(database.url);
    const traffic = steadyTraffic(web.url, 10);
    const stored = async () =>
      (
        await sql<{ n: number }[]>`
        select count(*) as n from analytics_logs where event_type = 'gen_ok' and event_data ? 'weights_version'`
      )[0]?.n ?? 0;
    await eventually(stored, (n) => n > 5, 20_000, 100);

    await sql.unsafe(`revoke execute on function ${writers} from ${role}`);
    const open = () => sql<{ kind: string }[]>`select kind from sluice.alerts where resolved_at is null`;
    const blindMs = await eventually(open, (alerts) => alerts.some(({ kind }) => kind === 'blind'), 60_000, 200);
    saw(`alert blind after ${(blindMs / 1000).toFixed(0)} s`);

    const { row } = await control.flags.readSplit();
    const refused = await advanceStage(control, {
      ...{ to: 'D2', expectedVersion: row?.version ?? 0, reason: 'a try', override: false, actor: 'operator:ann' },
    }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refusal);
    const [tick] = await sql<{ lines: { verdict: string }[] }[]>`
      select decision -> 'lines' as lines from sluice.ticks where decision is not null order by at desc limit 1`;
    const said = new Set(tick?.lines.map(({ verdict }) => verdict));
    expect([...said]).toContain('blind');
    expect((await control.flags.readSplit()).row?.version).toBe(row?.version);
    saw(`advance 409 ${(refused as Refusal).code}; the tick says ${[...said].join(', ')}; no rollback`);

    await sql.unsafe(`grant execute on function ${writers} to ${role}`);
    await traffic.stop();
    expect(traffic.failed).toEqual([]);
    await eventually(stored, (n) => n === traffic.sent, 20_000, 100);
    saw(`0 of ${traffic.sent} requests failed; all ${traffic.sent} events stored once the right was back`);
  },
);
