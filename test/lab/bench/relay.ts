import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit } from '@/test/gateway/splits/add-split';
import { addProvider } from '@/test/support/relay-rows';
import type { Bench, BenchOptions } from './bench';
import { type Started, startProcess } from './child-process';
import { Caller, type Target, throughput } from './gateway/load';
import { labelOf, peerFolder } from './peers';
import { figure, type Report } from './report';
import { withScratchDatabase } from './scratch-database';
import { median } from './statistics';

const fileOf = (name: string) => fileURLToPath(new URL(`./relay/${name}.ts`, import.meta.url));
const rounds = 3;
const seconds = 3;
const blocks = 20;
const callsABlock = 30;
const peers = ['http-proxy-3', 'httpxy', '@fastify/reply-from'] as const;
const body = JSON.stringify({ model: 'gen4', promptText: 'x'.repeat(2000) });
const headers = { 'content-type': 'application/json' };

type Figures = Readonly<Record<string, readonly number[]>>;

/** What a relay costs with everything on, beside proxies that know nothing of splits, over the same vendor, in turns. */
export const relay: Bench = {
  name: 'relay',
  about: `a relay against a bare undici Pool.stream proxy, ${peers.map(labelOf).join(', ')}`,
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ say }: BenchOptions, sql: Sql, databaseUrl: string) {
  for (const peer of [...peers, 'fastify'] as const) peerFolder(peer, say);
  const vendor = await startProcess(['--import', 'tsx', fileOf('vendor')]);
  const names = ['undici', ...peers.map((peer) => peer.replace('@fastify/', ''))];
  const proxies = await Promise.all(
    names.map((name) => startProcess(['--import', 'tsx', fileOf('proxy'), name, String(vendor.port)])),
  );
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const sluice = await startSluice(sql, databaseUrl, at(vendor), folder);
  try {
    const target = (name: string, url: string, path = '/v1/things'): Target => ({ name, url, path, headers, body });
    const targets = [
      target('direct', at(vendor)),
      target('sluice', at(sluice), '/acme/v1/things'),
      ...names.map((name, index) => target(name, at(proxies[index] as Started))),
    ];
    for (const each of targets) await throughput(each, 1);
    const perSecond = await byTurns(targets, (each) => throughput(each, seconds));
    const bytes = await byTurns(targets, (each) => bytesPerSecond(each.url, each.path.replace('/v1/things', '/large')));
    const latencies = await sequential(targets);
    return { report: reportOf(perSecond, bytes, latencies), data: { perSecond, bytes } };
  } finally {
    await Promise.all([sluice, ...proxies, vendor].map((each) => each.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const at = ({ port }: Started) => `http://127.0.0.1:${port}`;

async function startSluice(sql: Sql, databaseUrl: string, vendor: string, folder: string): Promise<Started> {
  for (const name of ['acme-old', 'acme-new']) await addProvider(sql, name, vendor, {});
  await addSplit(sql, {
    ...{ key: 'ACME_WEIGHTS', slug: 'acme', kind: 'relay', prefixes: ['/acme'] },
    arms: { old: ['acme-old', null], new: ['acme-new', null] },
    weights: { old: 0.9, new: 0.1 },
  });
  return startProcess(['--import', 'tsx', fileOf('sluice-child')], {
    ...{ DATABASE_URL: databaseUrl, SLUICE_DATA_DIR: folder, LOG_LEVEL: 'warn' },
    ...{ ACME_OLD_API_KEY: 'bench-key-one', ACME_NEW_API_KEY: 'bench-key-two' },
  });
}

async function byTurns(targets: readonly Target[], run: (target: Target) => Promise<number>): Promise<Figures> {
  const found: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) found[target.name] = [...(found[target.name] ?? []), await run(target)];
  }
  return found;
}

/** Of answers of 16 MB, four at once. */
async function bytesPerSecond(url: string, path: string): Promise<number> {
  const pool = new Pool(url, { connections: 4 });
  const beganAt = performance.now();
  let bytes = 0;
  const reader = async () => {
    while (performance.now() - beganAt < seconds * 1000) {
      const answer = await pool.request({ method: 'GET', path });
      if (answer.statusCode !== 200) throw new Error(`${url}${path} answered ${answer.statusCode}`);
      for await (const chunk of answer.body) bytes += (chunk as Buffer).length;
    }
  };
  await Promise.all([reader(), reader(), reader(), reader()]);
  await pool.close();
  return (bytes * 1000) / (performance.now() - beganAt);
}

async function sequential(targets: readonly Target[]): Promise<Figures> {
  const callers = targets.map((target) => new Caller(target));
  const latencies: Record<string, number[]> = Object.fromEntries(targets.map(({ name }) => [name, []]));
  for (let block = 0; block < blocks; block++) {
    for (const caller of callers) {
      for (let i = 0; i < 5; i++) await caller.once();
      for (let i = 0; i < callsABlock; i++) latencies[caller.target.name]?.push(await caller.once());
    }
  }
  await Promise.all(callers.map((caller) => caller.close()));
  return latencies;
}

function reportOf(perSecond: Figures, bytes: Figures, latencies: Figures): Report {
  const of = (figures: Figures, name: string) => median(figures[name] ?? []);
  const names = Object.keys(perSecond);
  return {
    title: 'relay: what comes to a prefix, beside proxies',
    method: [
      'The front in a process of its own, everything on: two arms, events to a real Postgres, health probes; the dialect generic, which keeps no row of a job.',
      `Each proxy in a process of its own over the same vendor, which answers at once from raw sockets; ${rounds} rounds of ${seconds} s in turns.`,
      'Requests: POST of 2 KB of JSON, answered by 2 KB, at ten connections. Bytes: GET of 16 MB, four at once. p50: one request at a time.',
    ],
    tables: [
      {
        caption: 'Medians',
        head: ['', 'requests/s', 'of undici', 'MB/s', 'of undici', 'p50 ms', 'above undici'],
        rows: names.map((name) => [
          name,
          figure(of(perSecond, name)),
          figure(of(perSecond, name) / of(perSecond, 'undici')),
          figure(of(bytes, name) / 2 ** 20),
          figure(of(bytes, name) / of(bytes, 'undici')),
          figure(of(latencies, name)),
          figure(of(latencies, name) - of(latencies, 'undici')),
        ]),
      },
    ],
  };
}
