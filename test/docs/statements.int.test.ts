import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '@/lib/postgres/connection';
import { type TestDatabase, testDatabase } from '../support/database';

const sqlOf = (file: string, chapter: string) => {
  const text = readFileSync(file, 'utf8').split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, body = '']) => body);
};

let database: TestDatabase;
const count = async () => Number((await database.sql`select count(*)::int as n from public.analytics_logs`)[0]?.n);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('docs/events.md', () => {
  const statements = sqlOf('docs/events.md', 'Report by SQL');

  it('reports by SQL what counts, and believes a role when told to', async () => {
    expect(statements).toHaveLength(2);
    for (const statement of statements) await database.sql.unsafe(statement);
    const rows = await database.sql`select event_type, event_data from public.analytics_logs order by event_type`;
    expect(rows.map(({ event_type }) => event_type)).toEqual(['gen_route', 'voucher_issued']);
    expect(rows.every(({ event_data }) => !('invalid' in event_data))).toBe(true);
    const [{ n } = { n: 0 }] = await database.sql`select sum(vouchers)::int as n from sluice.bucket_deltas`;
    expect(n).toBe(1);
    expect((await database.sql`select role from sluice.believed_roles`)[0]?.role).toBe('authenticated');
  });

  it('names every field that Sluice writes', () => {
    const code = readFileSync('lib/gateway/request/record-attempt.ts', 'utf8');
    const written = [
      ...code.matchAll(/\b([a-z]+_[a-z_]+|attempt|provider|assigned|stage|model|images|caller|error|outcome)\b:/g),
    ];
    const text = readFileSync('docs/events.md', 'utf8');
    const missing = new Set(written.map(([, field]) => field ?? '').filter((field) => !text.includes(`\`${field}\``)));
    expect([...missing]).toEqual([]);
  });
});

describe('docs/deploy.md, A login for each process', () => {
  const id = randomBytes(6).toString('hex');
  const logins = ['web', 'watchdog', 'cli'].map((process) => `app_${id}_${process}`);
  afterAll(async () => {
    for (const login of logins) await database.sql.unsafe(`drop role if exists ${login}`);
  });

  it('makes logins that judge weights as their owner does, and own nothing', async () => {
    const [make = '', ...more] = sqlOf('docs/deploy.md', 'A login for each process');
    expect(more).toEqual([]);
    await database.sql.unsafe(make.replaceAll('app_', `app_${id}_`).replaceAll('…', id));
    for (const login of logins) {
      const url = new URL(database.url);
      Object.assign(url, { username: login, password: id });
      const sql = connect(url.href, { name: 'test', max: 1 });
      expect(await sql`select sluice.weights_fault('{"fal":1,"runware":0}') as fault`).toEqual([{ fault: null }]);
      await expect(sql`truncate public.feature_flags`).rejects.toMatchObject({ code: '42501' });
      await sql.end({ timeout: 1 });
    }
  });
});

describe('docs/deploy.md, Uninstall', () => {
  const [leave = '', forget = ''] = sqlOf('docs/deploy.md', 'Uninstall');

  it('takes everything of ours and leaves both tables usable, with their rows', async () => {
    await database.sql`insert into public.feature_flags (flag_key, flag_value_text) values ('OTHERS', 'stay')`;
    const before = await count();
    expect(before).toBeGreaterThan(0);
    await database.sql.unsafe(leave);
    expect(await database.sql`select 1 from pg_namespace where nspname = 'sluice'`).toHaveLength(0);
    expect(await database.sql`select from pg_policies where policyname ~ '^sluice_'`).toHaveLength(0);
    expect(await count()).toBe(before);
    await database.sql`insert into public.analytics_logs (event_type, event_data) values ('theirs', '{"provider":"anybody"}')`;
    await database.sql`insert into public.analytics_logs (event_type, created_at) values ('theirs', now() + interval '90 days')`;
    expect(await count()).toBe(before + 2);
    await database.sql`update public.feature_flags set flag_value_text = 'not weights' where flag_key = 'GEN_PROVIDER_WEIGHTS'`;
    await database.sql`delete from public.analytics_logs where event_type = 'theirs'`;
    expect(await count()).toBe(before);
  });

  it('takes our flags and columns as well, and no other', async () => {
    await database.sql.unsafe(forget);
    const columns = await database.sql`select column_name as name from information_schema.columns
      where table_schema = 'public' and table_name = 'feature_flags'`;
    expect(columns.map(({ name }) => name).sort()).toEqual([
      'created_at',
      'description',
      'flag_key',
      'flag_value',
      'flag_value_text',
      'updated_at',
    ]);
    expect((await database.sql`select flag_key from public.feature_flags`).map(({ flag_key }) => flag_key)).toEqual([
      'OTHERS',
    ]);
    await database.sql`insert into public.analytics_logs (event_type, event_data) values ('theirs', '{}')`;
  });
});
