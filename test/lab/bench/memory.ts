import { execFileSync } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import type { Sql } from '@/lib/postgres/sql';
import type { Bench, BenchOptions } from './bench';
import { startProcess } from './child-process';
import { sluiceBody, sluiceHeaders, startSluice } from './gateway/sluice';
import { figure } from './report';
import { withScratchDatabase } from './scratch-database';

const mock = fileURLToPath(new URL('./gateway/mock-upstream.ts', import.meta.url));
const firstRequests = 10_000;
const defaultRequests = 300_000;
const steps = 6;

interface Reading {
  readonly requests: number;
  readonly megabytes: number;
}

/** Resident memory of one web process, after ten thousand requests and after very many more. */
export const memory: Bench = {
  name: 'memory',
  about: 'resident memory of a web process after 10 k and after many requests (--requests 1_000_000)',
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ requests, say }: BenchOptions, sql: Sql, databaseUrl: string) {
  const last = requests ?? defaultRequests;
  const upstream = await startProcess(['--import', 'tsx', mock]);
  const sluice = await startSluice({ sql, databaseUrl, upstream: `http://127.0.0.1:${upstream.port}` });
  try {
    const readings: Reading[] = [];
    let done = 0;
    const points = [firstRequests, ...Array.from({ length: steps }, (_, i) => Math.round((last * (i + 1)) / steps))];
    for (const point of points.filter((each, i) => i === 0 || each > firstRequests)) {
      await send(sluice.url, point - done);
      done = point;
      readings.push({ requests: point, megabytes: await resident(sluice.pid) });
      say(`${point.toLocaleString('en')} requests: ${figure(readings.at(-1)?.megabytes ?? 0)} MB`);
    }
    const base = readings[0]?.megabytes ?? Number.NaN;
    const rows = readings.map(({ requests: sent, megabytes }) => {
      return [sent.toLocaleString('en'), figure(megabytes), figure(megabytes / base)];
    });
    const method = [
      'The built web process with Next in it, everything on, ten connections without a pause; resident memory as the system counts it, the least of ten readings within two seconds after the last answer of each step.',
    ];
    const table = { caption: 'Resident memory', head: ['requests', 'MB', 'of that after 10 k'], rows };
    return { report: { title: 'memory: a web process that lives on', method, tables: [table] }, data: readings };
  } finally {
    await Promise.all([sluice.stop(), upstream.stop()]);
  }
}

/** Requests to the front of a web process, ten at a time; all must be answered. */
export async function send(url: string, amount: number): Promise<void> {
  const result = await autocannon({
    ...{ url: `${url}/api/generate`, method: 'POST', headers: sluiceHeaders, body: sluiceBody },
    ...{ connections: 10, amount },
  });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx + result.errors} requests were not answered by 200.`);
}

/** Megabytes: the least of ten readings within two seconds. */
export async function resident(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < 10; reading++) {
    await wait(200);
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
    least = Math.min(least, kilobytes / 1024);
  }
  return least;
}
