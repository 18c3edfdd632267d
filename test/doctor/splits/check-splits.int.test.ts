import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSplit } from '@/lib/control/splits/new-split';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
import { checkCalls } from '@/lib/doctor/splits/check-calls';
import { checkSplits } from '@/lib/doctor/splits/check-splits';
import { archiveSplit, putArm, putProvider } from '@/lib/registry/write-registry';
import { type TestDatabase, testDatabase } from '../../support/database';

let database: TestDatabase;
const by = { actor: 'ada', reason: 'x' };
const arm = (name: string, provider = name) => ({ name, provider, model: null, params: {} });
const provider = (name: string, adapter: string | null) => ({
  ...{ name, adapter, label: name, baseUrl: null, options: {}, state: 'active' as const, deprecated: false },
});

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function findings(keys: readonly string[] = []) {
  const { rollout } = await readDatabaseFacts(database.sql, 'GEN_PROVIDER_WEIGHTS');
  if (rollout === null) throw new Error('no schema');
  const known = ['fal', 'runware'].map((name) => ({ name }));
  const instruments = { providers: known as never, keyed: (name: string) => keys.includes(name) };
  return checkSplits(rollout, instruments).map(({ check, status, what }) => `${status} ${check}: ${what}`);
}

describe('the doctor on splits', () => {
  it('says nothing while there is one', async () => expect(await findings()).toEqual([]));

  it('says that several are well, in one line', async () => {
    await newSplit(
      database.sql,
      { slug: 'flux', kind: 'image', baseline: arm('fal'), candidates: [arm('runware')] },
      by,
    );
    expect(await findings()).toEqual(['ok splits: 2 splits have weights, a policy, and arms that can be served']);
  });

  it('names arms that nothing can be sent to, and rows that are not there', async () => {
    await putProvider(database.sql, provider('acme', 'openai'), by);
    await putProvider(database.sql, provider('blank', null), by);
    await putArm(database.sql, 'FLUX_WEIGHTS', arm('acme'), by);
    await putArm(database.sql, 'FLUX_WEIGHTS', arm('blank'), by);
    await database.sql`insert into sluice.splits (key, slug, kind, label) values ('BARE_WEIGHTS', 'bare', 'image', 'Bare')`;
    expect(await findings()).toEqual([
      'problem split bare: there is no row BARE_WEIGHTS',
      'problem split bare: it has no policy, so nothing judges it',
      'problem split flux: arm acme cannot be served: provider acme has no key',
      'problem split flux: arm blank cannot be served: provider blank has no adapter',
    ]);
    expect(await findings(['acme'])).toHaveLength(3);
    await archiveSplit(database.sql, 'FLUX_WEIGHTS', by);
    expect(await findings()).toHaveLength(2);
  });
});

describe('the doctor on calls of the last hour', () => {
  const called = (provider: string, failed: number, n: number, ago = '20 minutes') => database.sql`
    insert into analytics_logs (event_type, created_at, event_data)
    select 'gen_route', now() - ${ago}::interval, jsonb_strip_nulls(jsonb_build_object('request_id', gen_random_uuid(),
      'attempt', 1, 'provider', ${provider}::text, 'latency_ms', 9, 'error', case when i <= ${failed} then 'down' end))
    from generate_series(1, ${n}) i`;
  const said = async () => {
    const { rollout } = await readDatabaseFacts(database.sql, 'GEN_PROVIDER_WEIGHTS');
    return checkCalls(rollout ?? { calls: [] }).map(({ status, what }) => `${status}: ${what}`);
  };
  const weigh = (weights: string) => database.sql`
    insert into feature_flags (flag_key, flag_value, flag_value_text) values ('GEN_PROVIDER_WEIGHTS', false, ${weights})
    on conflict (flag_key) do update set flag_value_text = excluded.flag_value_text`;

  it('is by what they made of each provider with a share, whatever its probe says', async () => {
    await weigh('{"fal":0.9,"runware":0.1}');
    expect(await said()).toEqual([]);
    await called('fal', 1, 40);
    await called('runware', 9, 9, '2 hours');
    await called('runware', 2, 2);
    expect(await said()).toEqual([
      'ok: 1 of 40 to fal failed in the last hour',
      'warning: not enough calls to runware to say: 0 of 2 succeeded in the last hour',
    ]);
    await called('runware', 3, 3);
    expect((await said())[1]).toBe('problem: in the last hour 5 of 5 to runware failed, whatever its probe says');
    // An outage that is over is not held against it for an hour where calls are frequent.
    await called('runware', 0, 12, '2 minutes');
    expect(await said()).toEqual([
      'ok: 1 of 40 to fal failed in the last hour; 0 of 12 to runware failed in the last 5 minutes',
    ]);
    await weigh('{"fal":1,"runware":0}');
    expect(await said()).toHaveLength(1);
  });
});
