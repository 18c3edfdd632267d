import { Pool } from 'undici';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit } from '@/test/gateway/splits/add-split';
import { addProvider } from '@/test/support/relay-rows';
import { type Target, throughput } from '../gateway/load';
import { processorMs } from '../processor';
import { figure } from '../report';

export const rounds = 5;
const seconds = 3;

export interface Measured extends Target {
  readonly pid: number;
  /** What is asked for 16 MB; null: it is not asked. */
  readonly large: string | null;
}

export type Figures = Readonly<Record<string, readonly number[]>>;
export type Rates = Readonly<Record<'perSecond' | 'processor', Figures>>;

export const at = (port: number) => `http://127.0.0.1:${port}`;

export async function addRelay(sql: Sql, slug: string, vendor: string, dialect: string): Promise<void> {
  for (const arm of ['old', 'new']) await addProvider(sql, `${slug}-${arm}`, vendor, { dialect });
  await addRelaySplit(sql, slug, slug, dialect !== 'generic');
}

/** Over the two providers that are called like `arms`. */
export async function addRelaySplit(sql: Sql, slug: string, arms: string, hasJobs: boolean): Promise<void> {
  await addSplit(sql, {
    ...{ key: `${slug.toUpperCase().replaceAll('-', '_')}_WEIGHTS`, slug, kind: 'relay', prefixes: [`/${slug}`] },
    hasJobs,
    arms: { old: [`${arms}-old`, null], new: [`${arms}-new`, null] },
    weights: { old: 0.9, new: 0.1 },
  });
}

/** Requests a second, and the processor time of one in microseconds. */
export async function byTurns(targets: readonly Measured[], say: (line: string) => void): Promise<Rates> {
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

export async function allBytes(targets: readonly Measured[], say: (line: string) => void): Promise<Figures> {
  const found: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const { name, url, large } of targets) {
      if (large === null) continue;
      const rate = await bytesPerSecond(url, large, seconds);
      found[name] = [...(found[name] ?? []), rate];
      say(`round ${round + 1}: ${name} ${figure(rate / 2 ** 20)} MB/s`);
    }
  }
  return found;
}

/** Of answers of 16 MB, four at once. */
export async function bytesPerSecond(url: string, path: string, seconds: number): Promise<number> {
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
