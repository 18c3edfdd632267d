import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSplit } from '@/lib/control/splits/new-split';
import { readDatabaseFacts } from '@/lib/doctor/diagnosis-store';
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
