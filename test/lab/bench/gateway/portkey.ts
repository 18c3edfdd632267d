import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Started, startProcess } from '../child-process';
import { peerFolder } from '../peers';

const loopback = fileURLToPath(new URL('./loopback-only.mjs', import.meta.url));

/** Portkey's gateway as its own `start:node` runs it, in production mode, without its web page. */
export function startPortkey(say: (line: string) => void): Promise<Started> {
  const server = join(peerFolder('@portkey-ai/gateway', say), 'build', 'start-server.js');
  return startProcess(['--import', loopback, server, '--headless', '--port=0']);
}

/** Both providers of the split as targets of its load balancer, at the same shares. */
export function portkeyHeaders(upstream: string): Record<string, string> {
  const target = (weight: number) => ({ provider: 'openai', api_key: 'bench', custom_host: `${upstream}/v1`, weight });
  const config = { strategy: { mode: 'loadbalance' }, targets: [target(0.9), target(0.1)] };
  return { 'content-type': 'application/json', 'x-portkey-config': JSON.stringify(config) };
}

export const portkeyBody = JSON.stringify({ model: 'dall-e-3', prompt: 'a lighthouse', size: '1024x1024', n: 1 });
