import { afterAll, beforeAll, expect } from 'vitest';
import { anchorsIn } from '@/lib/control/journal/anchor-line';
import type { Sql } from '@/lib/postgres/sql';
import { diagnose } from '@/lib/process/doctor/diagnose';
import { type TestDatabase, testDatabase } from '../support/database';
import { eventually } from '../support/eventually';
import { type FaultWorld, faultWorld } from '../support/fault-world';
import { writeWeights } from '../support/rollout';
import { runSluice } from '../support/run-sluice';
import { fault } from './fault';

let world: FaultWorld;
let database: TestDatabase;
beforeAll(async () => {
  [world, database] = await Promise.all([faultWorld(), testDatabase()]);
});
afterAll(async () => {
  await world.close();
  await database.close();
});

const flag = 'GEN_PROVIDER_WEIGHTS';
/** Row by row from `seq` on, as somebody with the rights of a superuser would. */
const recompute = `
  do $$ declare row sluice.journal; prev bytea := decode('00', 'hex'); begin
    for row in select * from sluice.journal j where j.flag_key = '${flag}' order by j.seq loop
      row.prev_hash := prev;
      row.hash := sluice.entry_hash(row);
      update sluice.journal set prev_hash = row.prev_hash, hash = row.hash where id = row.id;
      prev := row.hash;
    end loop;
    update sluice.journal_head set hash = prev, seq = (select max(seq) from sluice.journal where flag_key = '${flag}') where flag_key = '${flag}';
  end $$`;

/** What is done with every trigger asleep, and how it is said. */
const crimes = [
  {
    name: 'an edited row, its chain recomputed',
    commit: (sql: Sql) => [
      sql`update sluice.journal set actor = 'nobody' where flag_key = ${flag} and seq = 2`,
      sql.unsafe(recompute),
    ],
    said: 'the chain was written anew',
  },
  {
    name: 'the newest row dropped, live row and head wound back',
    commit: (sql: Sql) => [
      sql`delete from sluice.journal where flag_key = ${flag} and seq = (select max(seq) from sluice.journal where flag_key = ${flag})`,
      sql.unsafe(recompute),
      sql`update public.feature_flags f set flag_value_text = j.becomes, version = j.version, stage = j.stage_to
        from (select * from sluice.journal where flag_key = ${flag} order by seq desc limit 1) j where f.flag_key = j.flag_key`,
    ],
    said: 'was there when it was anchored, and is gone',
  },
  {
    name: 'live weights set past the triggers',
    commit: (sql: Sql) => [
      sql`update public.feature_flags set flag_value_text = '{"fal":0,"runware":1}' where flag_key = ${flag}`,
    ],
    said: 'the live row is not what the newest row here says',
  },
  {
    name: 'the guard switched off',
    commit: (sql: Sql) => [sql`alter table public.feature_flags disable trigger zz_sluice_guard`],
    said: 'zz_sluice_guard of public.feature_flags is disabled',
  },
] as const;

const disable = `alter table public.feature_flags disable trigger user; alter table sluice.journal disable trigger user`;
const enable = `
  do $$ declare t record; begin
    for t in select tgrelid::regclass as on_table, tgname from pg_trigger
      where tgrelid in ('public.feature_flags'::regclass, 'sluice.journal'::regclass) and not tgisinternal loop
      execute format('alter table %s enable always trigger %I', t.on_table, t.tgname);
    end loop; end $$`;

for (const { name, commit, said } of crimes) {
  fault(
    'F43',
    {
      what: 'Journal edited with its chain recomputed; head wound back; live weights set past the triggers',
      injected: name,
      expected: 'doctor and watchdog say so',
    },
    async (saw) => {
      const { url } = database;
      // A database of its own for each, by a fresh history: what was anchored before must not be what is found.
      const sql = database.sql;
      await sql.unsafe(enable);
      for (const share of [0, 0.1, 0.5, 0.1]) await writeWeights(sql, { fal: 1 - share, runware: share });
      const dataDir = world.folder();
      const watchdog = await world.watchdog(url, { dataDir, env: { SLUICE_TICK_SECONDS: '2' } });
      const [, line = ''] = await watchdog.said(/"anchor":"(sluice-anchor[^"]*)"/);
      expect(anchorsIn(line)).toHaveLength(1);
      await sql.begin(async (tx) => {
        await tx.unsafe(disable);
        for (const statement of commit(tx as unknown as Sql)) await statement;
        if (name !== 'the guard switched off') await tx.unsafe(enable);
      });
      const alerts = () =>
        sql<
          { detail: string }[]
        >`select detail from sluice.alerts where kind = 'journal_tampered' and resolved_at is null`;
      const ms = await eventually(alerts, (rows) => rows.some(({ detail }) => detail.includes(said)), 20_000, 100);
      await watchdog.said(/changed past its guards/);
      await watchdog.stop();
      const { findings } = await diagnose(
        { PORT: '1', SLUICE_DATA_DIR: dataDir },
        { root: process.cwd(), databaseUrl: url },
      );
      const found = findings.filter(({ status }) => status === 'problem').map(({ what }) => what);
      expect(found.join('\n')).toContain(said);
      const verified = await runSluice(['journal', '--verify', '--anchor', line], {
        databaseUrl: url,
        env: { SLUICE_DATA_DIR: dataDir },
      });
      saw(`alerted after ${ms} ms; doctor: ${found.find((what) => what.includes(said))?.slice(0, 90)}`);
      const needsAnchor = said.includes('anchor') || said.includes('anew');
      if (needsAnchor) expect(verified.stdout, verified.stderr).toContain(said);
      if (needsAnchor) expect(verified.code).toBe(1);
      await sql`update sluice.alerts set resolved_at = now()`;
      await sql.unsafe(enable);
      await sql`delete from public.feature_flags where flag_key = ${flag}`;
    },
    120_000,
  );
}
