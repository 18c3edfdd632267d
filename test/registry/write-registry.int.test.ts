import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putCaller } from '@/lib/registry/callers/caller-store';
import { wantedDialect } from '@/lib/registry/dialects/wanted-dialect';
import { readChangedRegistry, readRegistry } from '@/lib/registry/read-registry';
import type { ArmEntry, ProviderEntry } from '@/lib/registry/registry';
import {
  archiveSplit,
  changeSplit,
  putArm,
  putDialect,
  putModel,
  putProvider,
  putSplit,
  removeArm,
  removeModel,
  removeProvider,
  unarchiveSplit,
} from '@/lib/registry/write-registry';
import { type TestDatabase, testDatabase } from '../support/database';
import { filmRules } from '../support/own-dialect';

let database: TestDatabase;
const by = { actor: 'ada', reason: 'a second split' };
const provider = (name: string, rest: Partial<ProviderEntry> = {}): ProviderEntry => ({
  ...{ name, adapter: 'openai', label: name, baseUrl: null, options: {}, state: 'active', deprecated: false },
  ...rest,
});
const arm = (name: string, of = name): ArmEntry => ({ name, provider: of, model: null, params: {} });
const split = (key: string, slug: string) => ({
  ...{ key, slug, kind: 'image' as const, label: 'One', match: {}, isDefault: false },
});
const { rules } = wantedDialect('film', filmRules);
const caller = { name: 'shop', scopes: ['generate' as const], prefixes: [], ratePerMinute: null };
const refused = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('writing the registry', () => {
  it('makes, changes and archives a split, each with its actor and reason in the chain', async () => {
    const { sql } = database;
    await putSplit(sql, split('ONE_WEIGHTS', 'one'), by);
    await putArm(sql, 'ONE_WEIGHTS', { ...arm('fal'), model: 'flux', params: { steps: 4 } }, by);
    await changeSplit(sql, 'ONE_WEIGHTS', { slug: 'uno', match: { models: ['flux-*'] } }, by);
    const version = await archiveSplit(sql, 'ONE_WEIGHTS', by);
    const registry = await readRegistry(sql);
    expect(registry.version).toBe(version);
    expect(registry.splits[1]).toEqual({
      ...{ key: 'ONE_WEIGHTS', slug: 'uno', kind: 'image', label: 'One', match: { models: ['flux-*'] } },
      ...{ isDefault: false, archived: true, quota: {} },
      arms: [{ name: 'fal', provider: 'fal', model: 'flux', params: { steps: 4 } }],
    });
    const entries = await sql`select j.actor, j.reason, j.verb from sluice.journal j
      where j.flag_key = 'sluice.registry' order by j.seq`;
    expect(entries.map(({ verb }) => verb)).toEqual(['split_add', 'arm_add', 'split_change', 'split_change']);
    for (const entry of entries) expect(entry).toMatchObject(by);
    await unarchiveSplit(sql, 'ONE_WEIGHTS', by);
    await removeArm(sql, 'ONE_WEIGHTS', 'fal', by);
    const last = await readRegistry(sql);
    expect(last.splits[1]).toMatchObject({ archived: false, arms: [] });
    expect(await readChangedRegistry(sql, last.version)).toBeNull();
    expect(await readChangedRegistry(sql, version)).toEqual(last);
    expect(await readChangedRegistry(sql, null)).toEqual(last);
  });

  it('puts and removes providers and models', async () => {
    const { sql } = database;
    await putProvider(sql, provider('acme', { baseUrl: 'https://api.acme.test' }), by);
    await putProvider(sql, provider('acme', { state: 'draining', deprecated: true }), by);
    await putModel(sql, { alias: 'a', provider: 'acme', providerModel: 'acme/a', price: null, params: {} }, by);
    const registry = await readRegistry(sql);
    expect(registry.providers[0]).toEqual(provider('acme', { state: 'draining', deprecated: true }));
    const usual = { fixed: {}, lossy: 'pin', enabled: true, source: null, shipped: false };
    expect(registry.models.filter(({ provider }) => provider === 'acme')).toEqual([
      { alias: 'a', provider: 'acme', providerModel: 'acme/a', price: {}, params: {}, ...usual },
    ]);
    await removeModel(sql, 'a', 'acme', by);
    await removeProvider(sql, 'acme', by);
    expect((await readRegistry(sql)).providers.map(({ name }) => name)).toEqual(['fal', 'runware']);
  });

  it('says what the database says, and what is not there', async () => {
    const { sql } = database;
    const before = await readRegistry(sql);
    const said = [
      await refused(putSplit(sql, split('TWO_WEIGHTS', 'api'), by)),
      await refused(changeSplit(sql, 'NONE_WEIGHTS', {}, by)),
      await refused(putProvider(sql, provider('acme', { baseUrl: 'https://a.test/' }), by)),
      await refused(putProvider(sql, provider('fal', { adapter: 'fal', baseUrl: 'https://a.test/' }), by)),
      await refused(removeArm(sql, 'GEN_PROVIDER_WEIGHTS', 'fal', by)),
      await refused(removeArm(sql, 'GEN_PROVIDER_WEIGHTS', 'nobody', by)),
      await refused(removeProvider(sql, 'fal', by)),
      await refused(removeProvider(sql, 'nobody', by)),
      await refused(removeModel(sql, 'a', 'nobody', by)),
      await refused(putArm(sql, 'GEN_PROVIDER_WEIGHTS', arm('x', 'fal'), by)),
      await refused(archiveSplit(sql, 'GEN_PROVIDER_WEIGHTS', by)),
      await refused(putProvider(sql, provider('acme'), { ...by, expectedVersion: before.version - 1 })),
    ];
    expect(said).toEqual([
      expect.stringMatching(/^registry-invalid: Split TWO_WEIGHTS was not added: slug is "api", which is reserved/),
      'unknown-split: There is no split NONE_WEIGHTS.',
      expect.stringMatching(
        /^registry-invalid: Provider acme was not added: base_url is "https:\/\/a.test\/"; it must be/,
      ),
      expect.stringMatching(
        /^registry-invalid: Provider fal was not changed: base_url is "https:\/\/a.test\/"; it must be/,
      ),
      expect.stringMatching(/^still-needed: Arm fal of GEN_PROVIDER_WEIGHTS was not removed: it is still used/),
      'no-such-arm: GEN_PROVIDER_WEIGHTS has no arm "nobody".',
      expect.stringMatching(/^still-needed: Provider fal was not removed: arms still need it/),
      'no-such-provider: There is no provider "nobody".',
      'no-such-model: Provider "nobody" has no model "a".',
      expect.stringMatching(/^registry-invalid: .*called like their providers/),
      expect.stringMatching(/^still-needed: Split GEN_PROVIDER_WEIGHTS was not changed: it is the first split/),
      expect.stringMatching(/^stale-version: You saw version \d+ of the registry; it is at \d+ now/),
    ]);
    expect((await readRegistry(sql)).version).toBe(before.version);
  });

  it('says that what is there was not changed, and keeps it', async () => {
    const { sql } = database;
    const model = { alias: 'a', provider: 'fal', providerModel: 'fal/a', price: null, params: {} };
    await putSplit(sql, split('SAME_WEIGHTS', 'same'), by);
    await putArm(sql, 'SAME_WEIGHTS', arm('one', 'fal'), by);
    await putModel(sql, model, by);
    await putDialect(sql, { name: 'film', rules }, by);
    await sql.begin((tx) => putCaller(tx, caller, by));
    const before = await readRegistry(sql);
    const said = [
      await refused(putSplit(sql, split('SAME_WEIGHTS', 'api'), by)),
      await refused(putSplit(sql, { ...split('SAME_WEIGHTS', 'same'), kind: 'relay' }, by)),
      await refused(putArm(sql, 'SAME_WEIGHTS', arm('one', 'nobody'), by)),
      await refused(putModel(sql, { ...model, providerModel: '' }, by)),
      await refused(putDialect(sql, { name: 'film', rules: { ...rules, creates: [] } }, by)),
      await refused(sql.begin((tx) => putCaller(tx, { ...caller, scopes: [] }, by))),
    ];
    expect(said).toEqual([
      expect.stringMatching(/^registry-invalid: Split SAME_WEIGHTS was not changed: slug is "api"/),
      expect.stringMatching(/^registry-invalid: Split SAME_WEIGHTS was not changed: kind cannot change from "image"/),
      expect.stringMatching(/^registry-invalid: Arm one of SAME_WEIGHTS was not changed: provider is "nobody"/),
      expect.stringMatching(/^registry-invalid: Model a of fal was not changed: provider_model/),
      expect.stringMatching(/^registry-invalid: Dialect film was not changed: rules.creates is \[\]/),
      '22023: caller shop was not changed: scopes is empty; a caller without a scope can do nothing',
    ]);
    expect(await readRegistry(sql)).toEqual(before);
  });

  it('of ten writers that saw the same version one wins', async () => {
    const { version } = await readRegistry(database.sql);
    const writes = Array.from({ length: 10 }, (_, at) =>
      refused(putProvider(database.sql, provider(`racer-${at}`), { ...by, expectedVersion: version })),
    );
    const said = await Promise.all(writes);
    expect(said.filter((one) => one === null)).toHaveLength(1);
    expect(said.filter((one) => one?.startsWith('stale-version'))).toHaveLength(9);
  });

  it('inside a transaction a refusal undoes only itself', async () => {
    await database.sql.begin(async (tx) => {
      await putProvider(tx, provider('kept'), by);
      await refused(putProvider(tx, provider('Bad Name'), by));
    });
    expect((await readRegistry(database.sql)).providers.map(({ name }) => name)).toContain('kept');
  });
});
