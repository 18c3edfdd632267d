import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What we are measured against: never a dependency, fetched when a bench needs it. */
const versions = {
  '@portkey-ai/gateway': '1.15.2',
  'unleash-client': '6.12.1',
  '@growthbook/growthbook': '1.8.0',
  'http-proxy-3': '1.23.3',
  httpxy: '0.5.6',
  '@fastify/reply-from': '12.6.5',
  fastify: '5.12.8',
} as const;

/** Portkey asks for any 1.x: from a later one on its passthrough answers 500 to everything. */
const overrides = { '@hono/node-server': '1.13.8' } as const;

export type Peer = keyof typeof versions;

const folder = join(tmpdir(), 'sluice-bench-peers');
const fetchWithinMs = 150_000;

export const labelOf = (peer: Peer): string => `${peer} ${versions[peer]}`;

/** The peer's folder; it is installed outside the repository, without its install scripts, when it is not there. */
export function peerFolder(peer: Peer, say: (line: string) => void): string {
  const at = join(folder, 'node_modules', peer);
  if (versionAt(at) === versions[peer] && areOverridden()) return at;
  say(`fetching ${labelOf(peer)} …`);
  // What npm has put below a peer it would leave there.
  if (!areOverridden()) rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
  const every = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder, ...every];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stderr } = spawnSync(npm, args, { cwd: folder, encoding: 'utf8', timeout: fetchWithinMs });
  if (status === 0 && versionAt(at) === versions[peer]) return at;
  throw new PeerMissing(peer, stderr?.trim().split('\n').at(-1) ?? '');
}

/** Loads what a peer exports. */
export function loadPeer<T>(peer: Peer, say: (line: string) => void): T {
  peerFolder(peer, say);
  return createRequire(join(folder, 'package.json'))(peer) as T;
}

export class PeerMissing extends Error {
  constructor(peer: Peer, why: string) {
    super(`${labelOf(peer)} is not in ${folder} and npm could not fetch it (${why}); connect once and run this again.`);
    this.name = 'PeerMissing';
  }
}

const areOverridden = () =>
  Object.entries(overrides).every(([name, version]) => versionAt(join(folder, 'node_modules', name)) === version);

function versionAt(at: string): string | null {
  const file = join(at, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : null;
}
