import { fileURLToPath } from 'node:url';
import type { Sql } from '@/lib/postgres/sql';
import type { Bench, BenchOptions } from './bench';
import { startProcess } from './child-process';
import { Caller, type Target, throughput } from './gateway/load';
import { startPortkey } from './gateway/portkey';
import { relayed, startSluice } from './gateway/sluice';
import { labelOf, peerFolder } from './peers';
import { withCrowd } from './relay/crowd';
import { type Found, reportOf } from './relay/report';
import { addRelay, allBytes, at, byTurns, type Figures, type Measured } from './relay/side';
import { withScratchDatabase } from './scratch-database';

const fileOf = (name: string) => fileURLToPath(new URL(`./relay/${name}.ts`, import.meta.url));
const blocks = 20;
const callsABlock = 30;
const peers = ['http-proxy-3', 'httpxy', '@fastify/reply-from'] as const;
const all = [...peers, '@portkey-ai/gateway'] as const;
const parts = ['requests', 'bytes', 'latency', 'jobs', 'crowd'] as const;
const body = JSON.stringify({ model: 'gen4', promptText: 'x'.repeat(2000) });
const headers = { 'content-type': 'application/json' };
const names = ['undici', ...peers.map((peer) => peer.replace('@fastify/', ''))];

/** What a relay costs with everything on, beside proxies that know nothing of splits, over the same vendor, in turns. */
export const relay: Bench = {
  name: 'relay',
  about: `a relay against a bare undici Pool.stream proxy, ${all.map(labelOf).join(', ')} (--only ${parts.join(', ')})`,
  run: (options) => withScratchDatabase((sql, url) => measure(options, sql, url)),
};

async function measure({ say, only }: BenchOptions, sql: Sql, databaseUrl: string) {
  for (const peer of [...all, 'fastify'] as const) peerFolder(peer, say);
  const isChosen = (part: (typeof parts)[number]) => only === null || only.includes(part);
  const vendor = await startProcess(['--import', 'tsx', fileOf('vendor')]);
  const upstream = at(vendor.port);
  const proxies = await Promise.all([
    ...names.map((name) => startProcess(['--import', 'tsx', fileOf('proxy'), name, String(vendor.port)])),
    startPortkey(say),
  ]);
  await addRelay(sql, 'acme', upstream, 'generic');
  await addRelay(sql, 'video', upstream, 'runway');
  const owners = ['ACME_OLD', 'ACME_NEW', 'VIDEO_OLD', 'VIDEO_NEW'];
  const keys = Object.fromEntries(owners.map((name) => [`${name}_API_KEY`, 'bench-key']));
  const sluice = await startSluice({ sql, databaseUrl, upstream }, keys);
  try {
    for (const path of ['/acme/v1/ready', '/video/v1/ready']) await relayed(sluice, path);
    const target = (name: string, url: string, pid = 0, path = '/v1/things', large: string | null = '/large') => {
      return { name, url, path, headers, body, pid, large };
    };
    const [portkey] = proxies.slice(-1);
    const sides: readonly Measured[] = [
      target('direct', upstream, vendor.child.pid),
      target('sluice', sluice.url, sluice.pid, '/acme/v1/things', '/acme/large'),
      ...names.map((name, i) => target(name, at(proxies[i]?.port ?? 0), proxies[i]?.child.pid)),
    ];
    const passed = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` };
    const beside = target('portkey', at(portkey?.port ?? 0), portkey?.child.pid, '/v1/things', null);
    const targets = [...sides, { ...beside, headers: { ...headers, authorization: 'Bearer bench-key', ...passed } }];
    const bare = targets.filter(({ name }) => name === 'undici');
    for (const each of targets) await throughput(each, 2);
    const found: Found = {
      rates: isChosen('requests') ? await byTurns(targets, say) : null,
      bytes: isChosen('bytes') ? await allBytes(targets, say) : null,
      latencies: isChosen('latency') ? await sequential(targets) : null,
      // Behind the others: from then on the process follows thousands of jobs.
      withJobs: isChosen('jobs')
        ? await byTurns([target('sluice, with a job', sluice.url, sluice.pid, video, null), ...bare], say)
        : null,
      crowd: isChosen('crowd')
        ? await withCrowd(vendor, keys, async (crowded) => {
            const pair = (path: string, what: string) => [
              target(what, sluice.url, sluice.pid, path, null),
              target(`${what}, in a crowd`, crowded.url, crowded.pid, path, null),
            ];
            const both = [...pair('/acme/v1/things', 'untracked'), ...pair(video, 'with a job')];
            for (const each of both) await throughput(each, 2);
            return { ...(await byTurns(both, say)), latencies: await sequential(both) };
          })
        : null,
    };
    return { report: reportOf(found), data: found };
  } finally {
    await Promise.all([sluice, ...proxies, vendor].map((each) => each.stop()));
  }
}

const video = '/video/v1/text_to_video';

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
