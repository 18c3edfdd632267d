import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit } from '@/test/gateway/splits/add-split';
import { addProvider } from '@/test/support/relay-rows';
import type { Bench, BenchOptions } from './bench';
import { type Started, startProcess } from './child-process';
import { relayed, startSluice } from './gateway/sluice';
import { figure, type Report } from './report';
import { withScratchDatabase } from './scratch-database';

const slow = fileURLToPath(new URL('./truth/slow-vendor.ts', import.meta.url));
const megabyte = 1024 * 1024;
const piece = randomBytes(64 * 1024);

interface Held {
  readonly callers: number;
  readonly megabytes: number;
  readonly restMb: number;
  readonly mostMb: number;
  readonly seconds: number;
  readonly isSame: boolean;
}

/** What a relay holds of large bodies while the vendor takes them slowly. */
export const relayMemory: Bench = {
  name: 'relay-memory',
  about: 'memory while many upload at once to a slow vendor (--requests CALLERS --levels MEGABYTES)',
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ say, requests, levels }: BenchOptions, sql: Sql, databaseUrl: string) {
  const callers = requests ?? 100;
  const megabytes = levels?.[0] ?? 256;
  const vendor = await startProcess(['--import', 'tsx', slow]);
  const upstream = `http://127.0.0.1:${vendor.port}`;
  for (const arm of ['old', 'new']) await addProvider(sql, `acme-${arm}`, upstream, { timeout_ms: 3_600_000 });
  await addSplit(sql, {
    ...{ key: 'ACME_WEIGHTS', slug: 'acme', kind: 'relay', prefixes: ['/acme'] },
    arms: { old: ['acme-old', null], new: ['acme-new', null] },
    weights: { old: 0.9, new: 0.1 },
  });
  const keys = { ACME_OLD_API_KEY: 'bench-key', ACME_NEW_API_KEY: 'bench-key' };
  const sluice = await startSluice({ sql, databaseUrl, upstream }, keys);
  try {
    await relayed(sluice, '/acme/v1/ready');
    const isSame = await comesBack(`${sluice.url}/acme/v1/echo`, megabytes, vendor);
    say(`${megabytes} MB there and back: ${isSame ? 'the same' : 'NOT the same'}`);
    const restMb = residentMb(sluice.pid);
    let mostMb = restMb;
    const timer = setInterval(() => {
      mostMb = Math.max(mostMb, residentMb(sluice.pid));
    }, 100);
    const beganAt = performance.now();
    await Promise.all(Array.from({ length: callers }, () => upload(`${sluice.url}/acme/v1/slow`, megabytes)));
    clearInterval(timer);
    const seconds = (performance.now() - beganAt) / 1000;
    const held = { callers, megabytes, restMb, mostMb, seconds, isSame };
    say(
      `${callers} × ${megabytes} MB in ${figure(seconds)} s: ${figure(restMb)} MB at rest, ${figure(mostMb)} at most`,
    );
    return { report: reportOf(held), data: held };
  } finally {
    await Promise.all([sluice.stop(), vendor.stop()]);
  }
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** Ends when the vendor has all of it. */
function upload(url: string, megabytes: number): Promise<void> {
  const bytes = megabytes * megabyte;
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers: { 'content-length': bytes } }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.once('end', () =>
        answer.statusCode === 200 && text === JSON.stringify({ bytes })
          ? resolve()
          : reject(new Error(`An upload of ${bytes} bytes was answered ${answer.statusCode}: ${text.slice(0, 200)}`)),
      );
    });
    sending.once('error', reject);
    pour(sending, bytes);
  });
}

/** No piece is like another, so that none can change places. */
function numbered(left: number): Uint8Array {
  const chunk = Buffer.from(piece.subarray(0, left));
  chunk.writeDoubleLE(left);
  return chunk;
}

/** No faster than it is taken; `each` is told of what is sent. */
function pour(sending: NodeJS.WritableStream, bytes: number, each?: (chunk: Uint8Array) => void): void {
  let left = bytes;
  const more = () => {
    while (left > 0) {
      const chunk = each ? numbered(left) : left >= piece.length ? piece : piece.subarray(0, left);
      left -= chunk.length;
      each?.(chunk);
      if (!sending.write(chunk)) return void sending.once('drain', more);
    }
    sending.end();
  };
  more();
}

/** Whether the digests of what was sent, of what came to the vendor and of what came back are one. */
function comesBack(url: string, megabytes: number, { child }: Started): Promise<boolean> {
  const bytes = megabytes * megabyte;
  const [sent, back] = [createHash('sha256'), createHash('sha256')];
  const echoed = new Promise<string>((resolve) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const digest = /ECHOED \d+ ([0-9a-f]{64})/.exec(said)?.[1];
      if (digest) resolve(digest);
    });
  });
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers: { 'content-length': bytes } }, (answer) => {
      answer.on('data', (chunk) => back.update(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode !== 200) return reject(new Error(`An echo was answered ${answer.statusCode}.`));
        const digest = sent.digest('hex');
        void echoed.then((seen) => resolve(digest === seen && digest === back.digest('hex')));
      });
    });
    sending.once('error', reject);
    pour(sending, bytes, (chunk) => sent.update(chunk));
  });
}

function reportOf({ callers, megabytes, restMb, mostMb, seconds, isSame }: Held): Report {
  const target = callers === 100 && megabytes === 256 ? 300 : '';
  return {
    title: 'relay-memory: large bodies on their way',
    method: [
      `The built front in a process of its own; ${callers} callers upload ${megabytes} MB each at once, and the vendor rests after each piece that it takes.`,
      'At rest: after one body of that size went there and back. Most: of looks ten times a second while they upload.',
    ],
    tables: [
      {
        caption: 'Resident memory',
        head: ['callers', 'MB each', 'at rest, MB', 'most, MB', 'target', 'above rest, MB', 'seconds', 'MB/s'],
        rows: [
          [
            ...[callers, megabytes, figure(restMb), figure(mostMb), target, figure(mostMb - restMb)],
            ...[figure(seconds), figure((callers * megabytes) / seconds)],
          ],
        ],
      },
      {
        caption: 'SHA-256 of one body: what was sent, what came to the vendor, what came back',
        head: ['MB', 'the same'],
        rows: [[megabytes, isSame ? 'yes' : 'no']],
      },
    ],
  };
}
