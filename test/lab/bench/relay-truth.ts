import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import { addSplit } from '@/test/gateway/splits/add-split';
import { addProvider } from '@/test/support/relay-rows';
import type { Bench, BenchOptions } from './bench';
import { type Started, startProcess } from './child-process';
import { startPortkey } from './gateway/portkey';
import { relayed, startSluice } from './gateway/sluice';
import { labelOf, peerFolder } from './peers';
import type { Report } from './report';
import { withScratchDatabase } from './scratch-database';
import type { Side } from './truth/ask';
import { bodyChecks, type Check } from './truth/body-checks';
import { faultChecks } from './truth/fault-checks';
import { startVendor, type Vendor } from './truth/vendor';

const proxy = fileURLToPath(new URL('./relay/proxy.ts', import.meta.url));
const peers = ['http-proxy-3', 'httpxy', '@fastify/reply-from', '@portkey-ai/gateway'] as const;
const key = 'truth-key-of-the-caller-0123456789';
const checks = [...bodyChecks, ...faultChecks];

type Found = Readonly<Record<string, readonly string[]>>;

/** Which bytes, paths, headers and ends come through a proxy as they were meant; who breaks what. */
export const relayTruth: Bench = {
  name: 'relay-truth',
  about: `what breaks on its way through a relay, ${peers.map(labelOf).join(', ')}`,
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ say }: BenchOptions, sql: Sql, databaseUrl: string) {
  for (const peer of [...peers, 'fastify'] as const) peerFolder(peer, say);
  const vendor = await startVendor();
  const upstream = `http://127.0.0.1:${vendor.port}`;
  const plain = ['http-proxy-3', 'httpxy', 'reply-from'];
  const started: Started[] = await Promise.all([
    ...plain.map((name) => startProcess(['--import', 'tsx', proxy, name, String(vendor.port)])),
    startPortkey(say),
  ]);
  const sluice = await startRelay(sql, databaseUrl, upstream);
  try {
    await relayed(sluice, '/acme/v1/ready');
    const headers = { authorization: `Bearer ${key}` };
    const portkey = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` };
    const sides: readonly Side[] = [
      { name: 'sluice', port: Number(new URL(sluice.url).port), prefix: '/acme', headers },
      ...plain.map((name, i) => ({ name, port: started[i]?.port ?? 0, prefix: '', headers })),
      { name: 'portkey', port: started.at(-1)?.port ?? 0, prefix: '', headers: { ...headers, ...portkey } },
    ];
    const found: Record<string, string[]> = {};
    for (const side of sides) {
      found[side.name] = [];
      for (const [name, check] of checks) {
        const said = (await outcome(check, side, vendor)) ?? 'ok';
        found[side.name]?.push(said);
        say(`${side.name}: ${name}: ${said}`);
      }
    }
    return { report: reportOf(found), data: { found } };
  } finally {
    await Promise.all([sluice, ...started].map((each) => each.stop()));
    await vendor.close();
  }
}

async function startRelay(sql: Sql, databaseUrl: string, upstream: string) {
  await addProvider(sql, 'acme-old', upstream, {});
  await addProvider(sql, 'acme-new', upstream, {});
  await addSplit(sql, {
    ...{ key: 'ACME_WEIGHTS', slug: 'acme', kind: 'relay', prefixes: ['/acme'] },
    arms: { old: ['acme-old', null], new: ['acme-new', null] },
    weights: { old: 1, new: 0 },
  });
  const keys = { ACME_OLD_API_KEY: 'key-of-the-vendor', ACME_NEW_API_KEY: 'key-of-the-vendor' };
  return startSluice({ sql, databaseUrl, upstream }, { ...keys, SLUICE_API_KEYS: key });
}

async function outcome(check: Check, side: Side, vendor: Vendor): Promise<string | null> {
  vendor.seen.length = 0;
  try {
    return await check(side, vendor);
  } catch (error) {
    return `broke off: ${String(error instanceof Error ? error.message : error).slice(0, 60)}`;
  }
}

function reportOf(found: Found): Report {
  const names = Object.keys(found);
  const broken = (name: string) => (found[name] ?? []).filter((said) => said !== 'ok' && !said.startsWith('(')).length;
  return {
    title: 'relay-truth: what breaks on its way through',
    method: [
      'The same requests through each, over one vendor that writes down what reaches it: bodies by their SHA-256, and by hand on raw sockets where a client would not send such a thing.',
      'In brackets: otherwise than here, where it is refused, and not broken. The others are set up as their pages show, one line each: what they pass on is theirs to pass on, and a caller of ours would meet it all the same.',
    ],
    tables: [
      {
        caption: 'Who breaks what',
        head: ['', ...names],
        rows: [
          ...checks.map(([name], at) => [name, ...names.map((side) => found[side]?.[at] ?? '')]),
          ['broken', ...names.map(broken)],
        ],
      },
    ],
  };
}
