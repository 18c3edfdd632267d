import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit } from '@/test/gateway/splits/add-split';
import { addProvider } from '@/test/support/relay-rows';
import type { Bench, BenchOptions } from './bench';
import { startProcess } from './child-process';
import { Caller, type Target, throughput } from './gateway/load';
import { relayed, startSluice } from './gateway/sluice';
import { labelOf, peerFolder } from './peers';
import { processorMs } from './processor';
import { figure, type Report } from './report';
import { withScratchDatabase } from './scratch-database';
import { median } from './statistics';

const fileOf = (name: string) => fileURLToPath(new URL(`./relay/${name}.ts`, import.meta.url));
const rounds = 5;
const seconds = 3;
const blocks = 20;
const callsABlock = 30;
const peers = ['http-proxy-3', 'httpxy', '@fastify/reply-from'] as const;
const body = JSON.stringify({ model: 'gen4', promptText: 'x'.repeat(2000) });
const headers = { 'content-type': 'application/json' };

interface Measured extends Target {
  readonly pid: number;
  /** What is asked for 16 MB; null: it is not asked. */
  readonly large: string | null;
}

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
  const upstream = at(vendor.port);
  const names = ['undici', ...peers.map((peer) => peer.replace('@fastify/', ''))];
  const proxies = await Promise.all(
    names.map((name) => startProcess(['--import', 'tsx', fileOf('proxy'), name, String(vendor.port)])),
  );
  await addRelay(sql, 'acme', upstream, 'generic');
  await addRelay(sql, 'video', upstream, 'runway');
  const keys = ['ACME_OLD', 'ACME_NEW', 'VIDEO_OLD', 'VIDEO_NEW'].map((name) => [`${name}_API_KEY`, 'bench-key']);
  const sluice = await startSluice({ sql, databaseUrl, upstream }, Object.fromEntries(keys));
  try {
    for (const path of ['/acme/v1/ready', '/video/v1/ready']) await relayed(sluice, path);
    const target = (name: string, url: string, pid = 0, path = '/v1/things', large: string | null = '/large') => {
      return { name, url, path, headers, body, pid, large };
    };
    const targets: readonly Measured[] = [
      target('direct', upstream, vendor.child.pid),
      target('sluice', sluice.url, sluice.pid, '/acme/v1/things', '/acme/large'),
      ...names.map((name, i) => target(name, at(proxies[i]?.port ?? 0), proxies[i]?.child.pid)),
    ];
    for (const each of targets) await throughput(each, 2);
    const { perSecond, processor } = await byTurns(targets, say);
    const bytes = await allBytes(targets);
    const latencies = await sequential(targets);
    // Last: from then on the process follows thousands of jobs.
    const job = target('sluice, with a job', sluice.url, sluice.pid, '/video/v1/text_to_video', null);
    const withJobs = await byTurns([job, ...targets.filter(({ name }) => name === 'undici')], say);
    const all = { perSecond, processor, bytes, latencies };
    return { report: reportOf(all, withJobs), data: { ...all, withJobs } };
  } finally {
    await Promise.all([sluice, ...proxies, vendor].map((each) => each.stop()));
  }
}

const at = (port: number) => `http://127.0.0.1:${port}`;

async function addRelay(sql: Sql, slug: string, vendor: string, dialect: string): Promise<void> {
  for (const arm of ['old', 'new']) await addProvider(sql, `${slug}-${arm}`, vendor, { dialect });
  await addSplit(sql, {
    ...{ key: `${slug.toUpperCase()}_WEIGHTS`, slug, kind: 'relay', prefixes: [`/${slug}`] },
    hasJobs: dialect !== 'generic',
    arms: { old: [`${slug}-old`, null], new: [`${slug}-new`, null] },
    weights: { old: 0.9, new: 0.1 },
  });
}

/** Requests a second, and the processor time of one in microseconds. */
async function byTurns(targets: readonly Measured[], say: (line: string) => void) {
  const perSecond: Record<string, number[]> = {};
  const processor: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) {
      const before = processorMs(target.pid);
      const rate = await throughput(target, seconds);
      const usedUs = ((processorMs(target.pid) - before) * 1000) / (rate * seconds);
      perSecond[target.name] = [...(perSecond[target.name] ?? []), rate];
      processor[target.name] = [...(processor[target.name] ?? []), usedUs];
      say(`round ${round + 1}: ${target.name} ${figure(rate)} requests/s, ${figure(usedUs)} µs each`);
    }
  }
  return { perSecond, processor };
}

async function allBytes(targets: readonly Measured[]): Promise<Figures> {
  const found: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const { name, url, large } of targets) {
      if (large !== null) found[name] = [...(found[name] ?? []), await bytesPerSecond(url, large)];
    }
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

type All = Readonly<Record<'perSecond' | 'processor' | 'bytes' | 'latencies', Figures>>;

function reportOf(
  { perSecond, processor, bytes, latencies }: All,
  withJobs: Pick<All, 'perSecond' | 'processor'>,
): Report {
  const of = (figures: Figures, name: string) => median(figures[name] ?? []);
  const ratio = (figures: Figures, name: string) => figure(of(figures, name) / of(figures, 'undici'));
  const row = (name: string) => [
    ...[name, figure(of(perSecond, name)), ratio(perSecond, name), figure(of(processor, name))],
    ...(bytes[name] ? [figure(of(bytes, name) / 2 ** 20), ratio(bytes, name)] : ['', '']),
    ...[figure(of(latencies, name)), figure(of(latencies, name) - of(latencies, 'undici'))],
  ];
  return {
    title: 'relay: what comes to a prefix, beside proxies',
    method: [
      'The built front in a process of its own, everything on: two arms, events to a real Postgres, health probes, a line of the log for each request.',
      '"Sluice" is the dialect generic, which keeps no row of a job; "with a job" is runway, where a row is committed before a create is sent and again before it is answered.',
      `Each proxy in a process of its own over the same vendor, which answers at once from raw sockets; ${rounds} rounds of ${seconds} s in turns.`,
      'Requests: POST of 2 KB of JSON, answered by 2 KB, at ten connections; processor time is that of the process a request. Bytes: GET of 16 MB, four at once. p50: one request at a time.',
    ],
    tables: [
      {
        caption: 'Medians',
        head: [...['', 'requests/s', 'of undici', 'processor µs', 'MB/s', 'of undici'], ...['p50 ms', 'above undici']],
        rows: Object.keys(perSecond).map(row),
      },
      {
        caption: 'Creates with a job row, in turns of their own, medians',
        head: ['', 'requests/s', 'of undici', 'processor µs'],
        rows: Object.keys(withJobs.perSecond).map((name) => [
          ...[name, figure(of(withJobs.perSecond, name)), ratio(withJobs.perSecond, name)],
          figure(of(withJobs.processor, name)),
        ]),
      },
    ],
  };
}
