import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import type { Bench, BenchOptions } from './bench';
import { startProcess } from './child-process';
import { Caller, type Target, throughput } from './gateway/load';
import { portkeyBody, portkeyHeaders, startPortkey } from './gateway/portkey';
import { sluiceBody, sluiceHeaders, startSluice } from './gateway/sluice';
import { labelOf } from './peers';
import { figure, type Report } from './report';
import { withScratchDatabase } from './scratch-database';
import { median, quantile } from './statistics';

const fileOf = (name: string) => fileURLToPath(new URL(`./gateway/${name}.ts`, import.meta.url));
const rounds = 3;
const throughputSeconds = 7;
const sequentialBlocks = 30;
const callsABlock = 40;

type Figures = Readonly<Record<string, readonly number[]>>;

/** Throughput and added latency of the built front beside Portkey's gateway, on the same upstream, in turns. */
export const gateway: Bench = {
  name: 'gateway',
  about: `POST /api/generate against ${labelOf('@portkey-ai/gateway')}, same instant upstream`,
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ say }: BenchOptions, sql: Sql, databaseUrl: string) {
  const upstream = await startProcess(['--import', 'tsx', fileOf('mock-upstream')]);
  const relay = await startProcess(['--import', 'tsx', fileOf('relay'), String(upstream.port)]);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  const portkey = await startPortkey(say);
  const sluice = await startSluice({ sql, databaseUrl, upstream: at(upstream.port) });
  try {
    const ours = { path: '/api/generate', headers: sluiceHeaders, body: sluiceBody };
    const targets: readonly Target[] = [
      { name: 'direct', ...ours, url: at(upstream.port), path: '/fal-ai/flux/schnell' },
      { name: 'relay', ...ours, url: at(relay.port), path: '/fal-ai/flux/schnell' },
      { name: 'sluice', ...ours, url: sluice.url },
      { name: 'sluice, keyed', ...ours, url: sluice.url, isKeyed: true },
      {
        ...{ name: 'portkey', url: at(portkey.port), path: '/v1/images/generations' },
        ...{ headers: portkeyHeaders(at(upstream.port)), body: portkeyBody },
      },
    ];
    for (const target of targets) await throughput(target, 2);
    const perSecond = await interleaved(targets, say);
    const latencies = await sequential(targets);
    await stored(sql);
    return { report: reportOf(perSecond, latencies), data: { perSecond, latencies: summed(latencies) } };
  } finally {
    await Promise.all([sluice.stop(), portkey.stop(), relay.stop(), upstream.stop()]);
  }
}

async function interleaved(targets: readonly Target[], say: (line: string) => void): Promise<Figures> {
  const perSecond: Record<string, number[]> = {};
  for (let round = 1; round <= rounds; round++) {
    for (const target of targets) {
      const value = await throughput(target, throughputSeconds);
      perSecond[target.name] = [...(perSecond[target.name] ?? []), value];
      say(`round ${round}: ${target.name} ${figure(value)} requests/s`);
    }
  }
  return perSecond;
}

/** In short blocks by turns, so that whatever else the machine does meets all of them. */
async function sequential(targets: readonly Target[]): Promise<Figures> {
  const callers = targets.map((target) => new Caller(target));
  const latencies: Record<string, number[]> = Object.fromEntries(targets.map(({ name }) => [name, []]));
  for (let block = 0; block < sequentialBlocks; block++) {
    for (const caller of callers) {
      for (let i = 0; i < 5; i++) await caller.once();
      for (let i = 0; i < callsABlock; i++) latencies[caller.target.name]?.push(await caller.once());
    }
  }
  await Promise.all(callers.map((caller) => caller.close()));
  return latencies;
}

/** Every answered request must have left its rows: a gateway that forgets to log is faster. */
async function stored(sql: Sql): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    const [row] = await sql<{ routes: number; ends: number }[]>`
      select count(*) filter (where event_type = 'gen_route')::int as routes,
        count(*) filter (where event_type = 'gen_ok')::int as ends from public.analytics_logs`;
    if (row && row.routes === row.ends && row.routes > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('The log of the measured requests never became whole.');
}

const medianOf = (figures: Figures, name: string) => median(figures[name] ?? []);

const summed = (latencies: Figures) =>
  Object.fromEntries(Object.entries(latencies).map(([name, all]) => [name, [0.5, 0.99].map((p) => quantile(all, p))]));

function reportOf(perSecond: Figures, latencies: Figures): Report {
  const names = Object.keys(perSecond);
  const direct = medianOf(latencies, 'direct');
  const added = (name: string) => medianOf(latencies, name) - direct;
  const rate = (name: string) => medianOf(perSecond, name);
  return {
    title: 'gateway: requests through the front',
    method: [
      'The built front in a process of its own, everything on: selection, events to a real Postgres, health probes, idempotency.',
      `Beside it ${labelOf('@portkey-ai/gateway')} in production mode, balancing the same two shares over the same upstream, which answers at once from raw sockets.`,
      `Throughput: 10 connections on raw sockets, so that the load takes little of the machine, ${rounds} rounds of ${throughputSeconds} s each in turns after a warm-up.`,
      `Latency: one connection, one request at a time, ${sequentialBlocks} blocks of ${callsABlock} in turns; "added" is over the upstream called directly.`,
      '"Relay" is a Node process that passes bytes on and reads none of them: the least that any can add.',
      '"Keyed" requests carry an Idempotency-Key each, which is claimed and settled in Postgres.',
    ],
    tables: [
      {
        caption: 'Requests a second at 10 connections',
        head: ['', ...Array.from({ length: rounds }, (_, i) => `round ${i + 1}`), 'median', 'times Portkey'],
        rows: names.map((name) => [
          name,
          ...(perSecond[name] ?? []).map(figure),
          figure(rate(name)),
          figure(rate(name) / rate('portkey')),
        ]),
      },
      {
        caption: 'One request at a time, milliseconds',
        head: ['', 'p50', 'p99', 'added p50', 'of Portkey’s'],
        rows: names.map((name) => [
          ...[name, figure(medianOf(latencies, name)), figure(quantile(latencies[name] ?? [], 0.99))],
          ...(name === 'direct' ? ['', ''] : [figure(added(name)), `1/${figure(added('portkey') / added(name))}`]),
        ]),
      },
    ],
  };
}
