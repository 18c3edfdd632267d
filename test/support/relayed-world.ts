import { createLog } from '@/lib/config/log';
import type { Sql } from '@/lib/postgres/sql';
import { type RelayedLine, relayedMessage } from '@/lib/relay/operate/relayed-line';
import { formatLine } from '@/lib/split/policy/format-policy';
import { usualLines } from '@/lib/split/policy/red-lines';
import { type RelaySandbox, startRelaySandbox } from '@/scripts/sandbox/relays';
import { addSplit, writeFlag } from '@/test/gateway/splits/add-split';
import { type TestDataPlane, testDataPlane } from './data-plane';
import { type TestDatabase, testDatabase } from './database';
import { eventually } from './eventually';
import { addProvider } from './relay-world';

/** Two callers: each sees its own jobs alone. */
export const callerKeys = ['key-of-one-0123456789abcdefghij', 'key-of-two-0123456789abcdefghij'] as const;

const weightsOf = {
  ...{ runway: 'RUNWAY_WEIGHTS', kling: 'KLING_WEIGHTS', jimeng: 'JIMENG_WEIGHTS', suno: 'SUNO_WEIGHTS' },
  // Of one test.
  pika: 'PIKA_WEIGHTS',
  twins: 'TWINS_WEIGHTS',
};
export type RelayedSplit = keyof typeof weightsOf;

export interface RelayedWorld {
  readonly plane: TestDataPlane;
  readonly database: TestDatabase;
  readonly sandbox: RelaySandbox;
  /** The share of the candidate, which is the vendor itself; waits until the process routes by it. */
  share(split: RelayedSplit, candidate: number): Promise<void>;
  /** As the first caller, or as another. */
  ask(method: string, path: string, body?: unknown, caller?: 0 | 1): Promise<RelayedAnswer>;
  /** The lines of its log about requests of this path. */
  said(path: string): readonly RelayedLine[];
  close(): Promise<void>;
}

export interface RelayedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { readonly [name: string]: unknown };
}

/** A web process with four relays: `old` is the aggregator, and `new` the vendor itself where there is one. */
export async function relayedWorld(): Promise<RelayedWorld> {
  const [database, sandbox] = await Promise.all([testDatabase(), startRelaySandbox()]);
  for (const name of ['aggregator', 'runway', 'kling', 'jimeng'] as const) sandbox[name].control({ latencyMs: 0 });
  const { aggregator, runway, kling, jimeng } = sandbox;
  const lines: string[] = [];
  const plane = await testDataPlane({
    log: createLog('info', {}, { write: (text) => void lines.push(...text.split('\n').filter(Boolean)) }),
    env: {
      ...{ DATABASE_URL: database.url, SLUICE_API_KEYS: callerKeys.join(',') },
      ...{
        GATHERED_API_KEY: aggregator.key,
        GATHERED_KLING_API_KEY: aggregator.key,
        GATHERED_SUNO_API_KEY: aggregator.key,
      },
      ...{ RUNWAY_DIRECT_API_KEY: runway.key, KLING_DIRECT_API_KEY: kling.key, JIMENG_DIRECT_API_KEY: jimeng.key },
    },
  });
  const { sql } = database;
  await addProvider(sql, 'gathered', aggregator.url, { dialect: 'runway', path_prefix: '/runwayml' });
  await addProvider(sql, 'gathered-kling', aggregator.url, { dialect: 'kling', path_prefix: '/kling' });
  await addProvider(sql, 'gathered-suno', aggregator.url, { dialect: 'suno', path_prefix: '/suno' });
  await addProvider(sql, 'runway-direct', runway.url, { dialect: 'runway' });
  await addProvider(sql, 'kling-direct', kling.url, { dialect: 'kling', auth: { scheme: 'kling-jwt' } });
  await addProvider(sql, 'jimeng-direct', jimeng.url, { dialect: 'jimeng', auth: { scheme: 'volc-signature' } });
  const add = (slug: RelayedSplit, old: string, fresh: string) =>
    addRelay(sql, plane, { key: weightsOf[slug], slug, old, fresh });
  await add('runway', 'gathered', 'runway-direct');
  await add('kling', 'gathered-kling', 'kling-direct');
  await add('jimeng', 'jimeng-direct', 'jimeng-direct');
  await add('suno', 'gathered-suno', 'gathered-suno');
  const weights = (slug: RelayedSplit) => routedBy(plane, weightsOf[slug]);
  return {
    ...{ plane, database, sandbox },
    async share(slug, candidate) {
      await writeFlag(sql, weightsOf[slug], { old: 1 - candidate, new: candidate });
      await eventually(
        () => weights(slug),
        (now) => now?.new === candidate,
        10_000,
      );
    },
    said: (path) =>
      lines.map((line) => JSON.parse(line)).filter((line) => line.msg === relayedMessage && line.path === path),
    ask: (method, path, body, caller = 0) => ask(plane.url, method, path, body, callerKeys[caller]),
    async close() {
      await plane.close();
      await sandbox.close();
      await database.close();
    },
  };
}

const routedBy = (plane: TestDataPlane, key: string) => plane.runtime.dataPlane.splits.all.get(key)?.routing?.weights;

/** All on `old` at first; waits until the process routes by it. */
export async function addRelay(
  sql: Sql,
  plane: TestDataPlane,
  {
    key,
    slug,
    old,
    fresh,
  }: { readonly key: string; readonly slug: string; readonly old: string; readonly fresh: string },
): Promise<void> {
  const arms = { old: [old, null], new: [fresh, null] } as const;
  await addSplit(sql, { key, slug, kind: 'relay', arms, prefixes: [`/${slug}`], policy: false, weights: null });
  await writeFlag(sql, key.replace('_WEIGHTS', '_POLICY'), policy);
  await writeFlag(sql, key, { old: 1, new: 0 });
  await eventually(
    () => routedBy(plane, key),
    (now) => now?.old === 1,
    10_000,
  );
}

const policy = {
  ...{ baseline: 'old', candidate: 'new', rollback: { old: 1, new: 0 } },
  stages: [{ name: 'D1', weights: { old: 0.9, new: 0.1 }, observe: '1h' }],
  redLines: usualLines.job.map(formatLine),
};

async function ask(url: string, method: string, path: string, body: unknown, key: string): Promise<RelayedAnswer> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = {
    authorization: `Bearer ${key}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const response = await fetch(url + path, { method, headers, ...json });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
