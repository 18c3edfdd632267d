import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newSplit } from '@/lib/control/splits/new-split';
import { formatPolicy } from '@/lib/split/policy/format-policy';
import { usualPlan } from '@/lib/split/policy/usual-plan';
import { type TestDatabase, testDatabase } from '../../support/database';

let database: TestDatabase;
const by = { actor: 'ada', reason: 'a second split' };
const arm = (name: string, provider = name) => ({ name, provider, model: null, params: {} });
const asked = (slug: string) => ({
  ...{ slug, kind: 'image' as const, baseline: arm('fal'), candidates: [arm('runware')] },
});
/** Its baseline is the split's candidate. */
const turned = formatPolicy(usualPlan('runware', ['fal']));

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('a new split', () => {
  it('comes with arms, a policy and weights that are all on the baseline', async () => {
    const made = await newSplit(database.sql, asked('flux-hd'), by);
    expect(made).toMatchObject({ key: 'FLUX_HD_WEIGHTS', slug: 'flux-hd', weights: { fal: 1, runware: 0 } });
    const rows = await database.sql<{ flag_key: string; flag_value_text: string; stage: string | null }[]>`
      select f.flag_key, f.flag_value_text, f.stage from public.feature_flags f
      where f.flag_key like 'FLUX_HD%' order by 1`;
    expect(rows.map(({ flag_key }) => flag_key)).toEqual(['FLUX_HD_POLICY', 'FLUX_HD_WEIGHTS']);
    const policy = JSON.parse(rows[0]?.flag_value_text ?? '');
    expect(policy).toMatchObject({ baseline: 'fal', candidate: 'runware', rollback: { fal: 1, runware: 0 } });
    expect(policy.stages).toEqual([
      { name: 'D1', weights: { fal: 0.9, runware: 0.1 }, observe: '1h' },
      { name: 'D2', weights: { fal: 0.5, runware: 0.5 }, observe: '3h' },
      { name: 'D3', weights: { fal: 0, runware: 1 }, observe: null },
    ]);
  });

  it('of a relay has no line of a cost that nobody may tell', async () => {
    await database.sql`insert into sluice.providers (name, label, adapter, base_url, options) values
      ('kling-a', 'A', 'relay', 'https://a.example.com', '{"dialect": "kling"}'),
      ('plain-a', 'A', 'relay', 'https://b.example.com', '{"dialect": "generic"}')`;
    const metricsOf = async (slug: string, provider: string) => {
      const arms = { baseline: arm('old', provider), candidates: [arm('new', provider)] };
      const { key } = await newSplit(database.sql, { slug, kind: 'relay', ...arms }, by);
      const [row] = await database.sql<{ text: string }[]>`
        select f.flag_value_text as text from public.feature_flags f where f.flag_key = ${key.replace('_WEIGHTS', '_POLICY')}`;
      return JSON.parse(row?.text ?? '').redLines.map(({ metric }: { metric: string }) => metric);
    };
    expect(await metricsOf('kling', 'kling-a')).toEqual([
      ...['accept_failure_rate', 'end_failure_rate', 'p95_time_to_done_ms'],
    ]);
    expect(await metricsOf('plain', 'plain-a')).toEqual(['p95_latency_ms', 'failure_rate', 'regenerate_voucher_rate']);
  });

  it('shares each stage among several candidates', async () => {
    const candidates = [arm('b', 'runware'), arm('c', 'fal'), arm('d', 'fal')];
    await newSplit(database.sql, { ...asked('three'), baseline: arm('a', 'fal'), candidates }, by);
    const [row] = await database.sql<{ text: string }[]>`
      select f.flag_value_text as text from public.feature_flags f where f.flag_key = 'THREE_POLICY'`;
    const { stages, candidates: names } = JSON.parse(row?.text ?? '');
    expect(names).toEqual(['b', 'c', 'd']);
    expect(stages[0].weights).toEqual({ a: 0.9, b: 0.0334, c: 0.0333, d: 0.0333 });
    expect(stages[2].weights).toEqual({ a: 0, b: 0.3334, c: 0.3333, d: 0.3333 });
  });

  it.each([
    ['one that is there', asked('gen'), /^split-exists: .*GEN_PROVIDER_WEIGHTS/],
    ['a reserved slug', asked('metrics'), /^registry-invalid: .*reserved/],
    ['an arm of nobody', { ...asked('ab'), candidates: [arm('x', 'nobody')] }, /^registry-invalid: .*not registered/],
    ['no candidate', { ...asked('ab'), candidates: [] }, /^policy-invalid: .*candidate/],
    ['the baseline as a candidate', { ...asked('ab'), candidates: [arm('fal')] }, /^policy-invalid: /],
    ['a policy of other arms', { ...asked('ab'), policy: { baseline: 'acme' } }, /^policy-invalid: /],
    ['a policy of another baseline', { ...asked('ab'), policy: turned }, /^policy-invalid: .*"runware".*"fal"/],
  ])('refuses %s and leaves nothing behind', async (_, wrong, sentence) => {
    const said = await newSplit(database.sql, wrong, by).then(
      () => null,
      ({ code, message }) => `${code}: ${message}`,
    );
    expect(said).toMatch(sentence);
    const [left] = await database.sql`select from sluice.splits s where s.slug in ('ab', 'metrics')`;
    expect(left).toBeUndefined();
  });
});
