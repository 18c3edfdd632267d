import { afterAll, beforeAll, expect } from 'vitest';
import { maintainEvents } from '@/lib/log/upkeep/maintenance';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld, type WorldWeb } from '../support/fault-world';
import { signJwt } from '../support/jwt';
import { type PostgRest, startPostgRest } from '../support/postgrest';
import { backdate, logTraffic, type TestRollout, testRollout } from '../support/rollout';
import { fault } from './fault';

const many = 500;
const jwtSecret = 'a-secret-of-this-test-alone-0123456789';
const keys = { generating: 'key-that-generates', reporting: 'key-that-reports', backfilling: 'key-that-backfills' };

let world: FaultWorld;
let rollout: TestRollout;
let web: WorldWeb;
let rest: PostgRest;
beforeAll(async () => {
  [world, rollout] = await Promise.all([faultWorld(), testRollout()]);
  await backdate(rollout.sql, 3600);
  await logTraffic(rollout.sql, { provider: 'fal', fromSecondsAgo: 720, perMinute: 60 });
  await logTraffic(rollout.sql, { fromSecondsAgo: 720, perMinute: 20 });
  web = await world.web(rollout.database.url, {
    env: {
      SLUICE_API_KEYS: keys.generating,
      SLUICE_EVENT_KEYS: keys.reporting,
      SLUICE_BACKFILL_KEYS: keys.backfilling,
    },
  });
  rest = await postgrest();
});
afterAll(async () => {
  await rest.stop();
  await world.close();
  await rollout.close();
});

/** A data API of an adopted table: whoever has the site's publishable key may insert. */
async function postgrest(): Promise<PostgRest> {
  const { sql } = rollout;
  const name = `authenticator_${rollout.database.url.split('/').at(-1)}`;
  await sql.unsafe(`create role ${name} login noinherit password '${name}';
    grant anon, authenticated, service_role to ${name};
    grant usage on schema public to anon, authenticated, service_role;
    grant insert on analytics_logs to anon, authenticated, service_role;
    grant usage on sequence analytics_logs_id_seq to anon, authenticated, service_role;
    create policy app on analytics_logs for insert to anon, authenticated with check (true)`);
  world.atEnd(() => sql.unsafe(`drop owned by ${name}; drop role ${name}`));
  const url = new URL(rollout.database.url);
  url.username = name;
  url.password = name;
  return startPostgRest(url.toString(), jwtSecret, 'public');
}

/** Failures of the candidate over the last twelve minutes, the newest `newestSeconds` ago. */
function madeUp(event_type: string, data: object, newestSeconds = 0) {
  return Array.from({ length: many }, (_, n) => ({
    event_type,
    event_data: { provider: 'runware', request_id: `forged-${n}`, ...data },
    created_at: new Date(Date.now() - (newestSeconds + (n / many) * (720 - newestSeconds)) * 1000).toISOString(),
  }));
}

const failing = { error: 'forged', error_kind: 'provider_5xx', latency_ms: 9000 };

async function report(key: string, events: object[]): Promise<{ status: number; accepted: number }> {
  const answer = await web.call('POST', '/api/events', {
    body: { events },
    headers: { authorization: `Bearer ${key}` },
  });
  return { status: answer.status, accepted: Number(answer.body.accepted) };
}

async function insert(role: string, rows: object[]): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${rest.port}/analytics_logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${signJwt(jwtSecret, { role })}` },
    body: JSON.stringify(rows),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function judgement() {
  await rollout.age(3600);
  const outcome = await rollout.tick();
  if (outcome.result !== 'decided') throw new Error(`the tick was ${outcome.result}`);
  const lines = outcome.tick.decision?.lines ?? [];
  return {
    action: outcome.action,
    crossed: lines.filter(({ verdict }) => verdict === 'breach' || verdict === 'held').map(({ metric }) => metric),
    failureRate: lines.find(({ metric }) => metric === 'failure_rate')?.value,
    vouchers: lines.find(({ metric }) => metric === 'regenerate_voucher_rate')?.value,
  };
}

fault(
  'F39',
  {
    what: 'caller posts events it made up, dated back',
    injected: '500 failures and 500 vouchers by each key over HTTP, 500 rows as anon and as authenticated by PostgREST',
    expected: 'no verdict moves; the shop is heard',
  },
  async (saw) => {
    expect(await judgement()).toEqual({ action: 'none', crossed: [], failureRate: 0, vouchers: 0 });

    const generated = await web.call('POST', '/api/generate', {
      body: { prompt: 'x' },
      headers: { authorization: `Bearer ${keys.generating}` },
    });
    const mine = { request_id: generated.body.request_id };
    const refused = [
      await report(keys.generating, madeUp('gen_route', failing)),
      await report(keys.generating, madeUp('gen_route', { ...failing, ...mine })),
      await report(keys.generating, madeUp('voucher_issued', { reason: 'regenerate' })),
      await report(keys.reporting, madeUp('gen_route', failing, 61)),
    ];
    expect(refused.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
    const backfilled = await report(keys.backfilling, madeUp('gen_route', failing, 61));
    expect(backfilled).toEqual({ status: 202, accepted: many });
    const inserted = [
      await insert('anon', madeUp('gen_route', failing)),
      await insert('authenticated', madeUp('gen_route', failing)),
    ];
    expect(inserted).toEqual([201, 201]);
    expect(await insert('anon', madeUp('voucher_issued', { reason: 'regenerate' }))).toBe(201);

    const kept = () => rollout.sql`select from analytics_logs where event_data ->> 'error' = 'forged'`;
    await eventually(kept, (rows) => rows.length === 3 * many, 20_000);
    const after = await judgement();
    expect(after).toEqual({ action: 'none', crossed: [], failureRate: 0, vouchers: 0 });
    saw(`${4 * many} refused over HTTP, ${4 * many} kept and not judged by; failure rate ${after.failureRate}`);
    await maintainEvents(rollout.sql);
    const alerts = (await rollout.control.alerts.open()).filter(({ kind }) => kind === 'events_doubted');
    expect(alerts.map(({ params }) => params.role).sort()).toEqual(['anon', 'authenticated']);

    const own = Array.from({ length: 4 }, () => ({
      event_type: 'voucher_issued',
      event_data: { provider: 'runware', reason: 'regenerate' },
      created_at: new Date(Date.now() - 20_000).toISOString(),
    }));
    expect(await insert('service_role', own)).toBe(201);
    expect((await judgement()).vouchers).toBeGreaterThan(0);
    // The same rows from whom is believed do roll back: nothing else kept the others from it.
    expect(await insert('service_role', madeUp('gen_route', failing))).toBe(201);
    const believed = await judgement();
    expect(believed.action).toBe('rollback');
    saw(`4 vouchers and the same rows as service_role: ${believed.action}`);
  },
);
