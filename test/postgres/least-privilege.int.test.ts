import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metricsStore } from '@/lib/log/buckets/metrics-store';
import { type LeastPrivilege, leastPrivilege, type Process } from '../support/least-privilege';
import { writeWeights } from '../support/rollout';

let db: LeastPrivilege;
beforeAll(async () => {
  db = await leastPrivilege();
  await writeWeights(db.owner, { fal: 1, runware: 0 });
  await writeWeights(db.owner, { fal: 0.9, runware: 0.1 });
  await db.owner`insert into public.feature_flags (flag_key, flag_value_text) values ('OTHERS', 'theirs')`;
});
afterAll(() => db?.close());

const processes: readonly Process[] = ['web', 'watchdog', 'cli'];

/** What takes guards away, rewrites what happened, or is only for the owner. */
const everyoneMayNot = [
  'drop table public.feature_flags',
  'drop table sluice.journal',
  'drop schema sluice cascade',
  'drop function sluice.guard_flag() cascade',
  'drop trigger zz_sluice_guard on public.feature_flags',
  'drop policy sluice_web on sluice.journal',
  'drop function sluice.grant_roles(boolean)',
  'alter table public.feature_flags disable trigger zz_sluice_guard',
  'alter table public.feature_flags disable row level security',
  'alter table public.analytics_logs add column mine text',
  'alter function sluice.guard_flag() owner to current_user',
  'alter role sluice_web superuser',
  'create table sluice.mine (id int)',
  'create function sluice.mine() returns int language sql as $$ select 1 $$',
  'create or replace function sluice.actor() returns text language sql as $$ select $1 $$',
  'create trigger mine before update on public.feature_flags for each row execute function sluice.refuse()',
  'create index on public.feature_flags (version)',
  'set session_replication_role = replica',
  'truncate public.feature_flags',
  'truncate public.analytics_logs',
  'truncate sluice.journal',
  'truncate sluice.bucket_deltas',
  "update sluice.journal set reason = 'nothing happened'",
  'delete from sluice.journal',
  'insert into sluice.journal select * from sluice.journal',
  'update sluice.journal_head set seq = 0',
  'select * from sluice.journal_head',
  'delete from public.feature_flags',
  "update public.feature_flags set flag_key = 'GEN_OTHER'",
  'update public.feature_flags set version = 0',
  'update public.feature_flags set latched_at = null',
  'update public.feature_flags set stage_started_at = now()',
  "insert into public.feature_flags (flag_key, flag_value_text) values ('MINE', 'x')",
  "insert into public.analytics_logs (event_type) values ('gen_route')",
  "update public.analytics_logs set event_data = '{}'",
  'delete from public.analytics_logs',
  'select * from sluice.analytics_logs_default',
  "insert into sluice.believed_roles (role, reason) values ('anon', 'me')",
  "update sluice.believed_roles set reason = 'me'",
  'delete from sluice.believed_roles',
  'update sluice.last_good set row = row',
  'delete from sluice.last_good',
  'delete from sluice.splits',
  'delete from sluice.provider_keys',
  'delete from sluice.caller_keys',
  "update sluice.caller_keys set key_hash = 'mine'",
  "insert into sluice.role_grants (relation, web) values ('sluice.journal', 'update')",
  "select sluice.note('sluice.registry', 'split_add', null, 'mine')",
  'delete from sluice.bucket_deltas',
  'update sluice.buckets set failures = 0',
  "insert into sluice.quarters (at, provider) values (now(), 'fal')",
  'delete from sluice.minutes',
  'delete from sluice.alerts',
  "update sluice.alerts set detail = 'all is well'",
  'delete from sluice.ticks',
  "update sluice.alert_channels set url = 'http://mine.example'",
  "insert into sluice.outbox (channel_id, payload) values (1, '{}')",
  "update sluice.outbox set payload = '{}'",
  'delete from sluice.operators',
  "update sluice.operators set name = 'me'",
  'delete from sluice.sessions',
  "update sluice.sessions set role = 'admin'",
  "update sluice.sessions set expires_at = now() + interval '9 years'",
  'delete from sluice.sign_in_links',
  'select * from sluice.migrations',
  "insert into sluice.migrations (version, name, applied_by) values ('1', 'mine', 'me')",
  'select * from sluice.vouchers',
  'select * from sluice.rejected_events',
  "select sluice.note_access('sign_in', null, 'nobody')",
  "select nextval('sluice.flag_versions')",
  "select setval('sluice.journal_id_seq', 1)",
  'select sluice.swap_adopted(now())',
  'select sluice.add_partition(current_date)',
  "select sluice.count_events_of('public.feature_flags')",
  'select sluice.grant_roles()',
  'select * from sluice.role_grants',
  'select * from pg_authid',
  "copy (select 1) to program 'true'",
];

const mayNot: Readonly<Record<Process, readonly string[]>> = {
  web: [
    "update sluice.user_salt set salt = ''",
    "update sluice.signing_seed set seed = ''",
    "insert into sluice.webhook_secrets (caller, secret, created_by) values ('me', 'whsec_mine', 'me')",
    'select sluice.tell_again(gen_random_uuid())',
    'delete from sluice.user_salt',
    "insert into sluice.sign_in_links (hash, operator, role, expires_at) values ('h', 'me', 'admin', now() + interval '1 h')",
    "update sluice.sign_in_links set role = 'admin'",
    "select sluice.drop_partitions('1 day')",
    "select sluice.delete_old_events('1 day')",
    "select sluice.prune('1 day')",
  ],
  watchdog: [
    "insert into sluice.providers (name, label) values ('mine', 'Mine')",
    "update sluice.arms set model = 'mine'",
    'select * from sluice.provider_keys',
    'select * from sluice.callers',
    'select * from sluice.user_salt',
    'select * from sluice.operators',
    'update sluice.operators set revoked_at = null',
    'select * from sluice.sessions',
    'update sluice.sessions set revoked_at = null',
    'select * from sluice.sign_in_links',
    'select * from sluice.idempotency',
    "insert into sluice.alert_channels (kind, url, created_by) values ('webhook', 'http://mine.example', 'me')",
    'delete from sluice.alert_channels',
    'delete from sluice.outbox',
    'update sluice.alerts set acknowledged_at = now()',
    "select sluice.issue_voucher('r', '{}')",
    "select sluice.settle_keys('[]', '[]')",
    "select sluice.drop_partitions('1 day')",
    "select sluice.prune('1 day')",
    "insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY', '{}')",
  ],
  cli: [
    'select * from sluice.user_salt',
    'select * from sluice.signing_seed',
    'select secret from sluice.webhook_secrets',
    "update sluice.webhook_secrets set caller = 'me'",
    'select id_hash from sluice.sessions',
    'select * from sluice.sign_in_links',
    'update sluice.sign_in_links set used_at = null',
    "insert into sluice.sessions (id_hash, operator, role, expires_at, way) values ('h', 'me', 'admin', now(), 'link')",
    'select * from sluice.idempotency',
    'select request from sluice.jobs',
    'select outputs from sluice.jobs',
    'select payload, logs from sluice.jobs',
    'select webhook_url from sluice.jobs',
    "update sluice.jobs set state = 'failed'",
    "select sluice.aim_job(gen_random_uuid(), '{}')",
    "select sluice.write_plain_batch(gen_random_uuid(), '[]')",
    "select sluice.write_lines(gen_random_uuid(), '{}', '{}', '')",
    "select sluice.issue_voucher('r', '{}')",
    'select sluice.compact()',
    'select sluice.backfill_step()',
    'delete from sluice.batches',
    'update sluice.ticks set error = null',
    'delete from sluice.instances',
    'update sluice.outbox set delivered_at = now()',
  ],
};

const refused = processes.flatMap((process) =>
  [...everyoneMayNot, ...mayNot[process]].map((statement) => [process, statement] as const),
);

describe('what a role may not do is refused by Postgres itself', () => {
  it.each(refused)('%s: %s', async (process, statement) => {
    const code = await db
      .sql(process)
      .unsafe(statement)
      .then(
        () => 'done',
        (error: { code?: string }) => error.code,
      );
    expect(code).toBe('42501');
  });
});

describe('the flags', () => {
  it.each(processes)('%s sees ours, and no other', async (process) => {
    const keys = await db.sql(process)`select flag_key from public.feature_flags`;
    expect(keys.map(({ flag_key }) => flag_key)).toEqual(['GEN_PROVIDER_WEIGHTS']);
    const { count } = await db.sql(
      process,
    )`update public.feature_flags set flag_value_text = 'x' where flag_key = 'OTHERS'`;
    expect(count).toBe(0);
  });

  it('are written by web and CLI; the watchdog reads the policy and writes weights', async () => {
    const policy = JSON.stringify({ rollback: { fal: 1, runware: 0 } });
    await db.sql('cli')`
      insert into public.feature_flags (flag_key, flag_value_text) values ('GEN_ROLLOUT_POLICY', ${policy})`;
    await db.sql('web')`update public.feature_flags set updated_at = now() where flag_key = 'GEN_ROLLOUT_POLICY'`;
    const watchdog = db.sql('watchdog');
    expect(await watchdog`select from public.feature_flags where flag_key = 'GEN_ROLLOUT_POLICY'`).toHaveLength(1);
    const written = await watchdog`update public.feature_flags set updated_at = now() returning flag_key`;
    expect(written.map(({ flag_key }) => flag_key)).toEqual(['GEN_PROVIDER_WEIGHTS']);
  });

  it('are still guarded: invalid weights are refused to each', async () => {
    for (const process of processes) {
      await expect(writeWeights(db.sql(process), { fal: 0.9, runware: 0.3 })).rejects.toThrow('they must add up to 1');
    }
  });
});

describe('what the rule reads beside the buckets', () => {
  it.each(processes)('%s may read all of it', async (process) => {
    const metrics = metricsStore(db.sql(process), 'GEN_PROVIDER_WEIGHTS');
    const hour = [Date.now() - 3_600_000, Date.now() + 60_000] as const;
    expect(await metrics.buckets(...hour)).toEqual([]);
    expect(await metrics.voucherDelays('fal', ...hour)).toEqual([]);
    expect(await metrics.pricesOf('fal', ...hour)).toEqual([]);
    expect(await metrics.latencyQuartiles('fal', ...hour)).toBeNull();
    const [fromMs, toMs] = hour;
    const span = { fromMs, toMs, limitMs: null, partSinceMs: fromMs };
    expect(await metrics.repeats('fal', span)).toMatchObject({ rows: 0, hitsSquared: 0 });
    expect(await metrics.firstOfUsers('runware', 'fal', ...hour, null)).toEqual({ buckets: [] });
    expect(await metrics.weightsChanged('GEN_PROVIDER_WEIGHTS', ...hour)).toHaveLength(2);
  });
});
