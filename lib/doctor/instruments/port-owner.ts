import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { PortOwner } from '../diagnosis';

/** Who holds a port: no program, a Sluice, or a program whose name Linux tells us. */
export async function portOwner(host: string, port: number, signal: AbortSignal): Promise<PortOwner> {
  const error = await openingFault(host, port);
  if (error === null) return { kind: 'free' };
  if (error.code !== 'EADDRINUSE') return { kind: 'refused', error: `${error.code ?? error.message}` };
  return (await askSluice(host, port, signal)) ?? { kind: 'taken', by: await programOn(port) };
}

function openingFault(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', done);
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(null)));
  });
}

async function askSluice(host: string, port: number, signal: AbortSignal): Promise<PortOwner | null> {
  const address = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const bracketed = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  try {
    const url = `http://${bracketed}:${port}/api/health/live`;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(2000)]);
    const answer = await fetch(url, { signal: limit, redirect: 'error' });
    const body = (await answer.json()) as { status?: unknown } | null;
    return answer.ok && body?.status === 'live' ? { kind: 'sluice' } : null;
  } catch {
    // The program there does not answer as Sluice does: that is the finding.
    return null;
  }
}

/** Linux only, and only processes this user may look into. */
async function programOn(port: number): Promise<string | null> {
  const inode = await socketInode(port);
  if (inode === null) return null;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await holds(pid, inode)) {
      const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
      return `${command.trim() || 'a program'} (process ${pid})`;
    }
  }
  return null;
}

async function socketInode(port: number): Promise<string | null> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1);
    for (const line of lines) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local?.endsWith(suffix)) return inode ?? null;
    }
  }
  return null;
}

async function holds(pid: string, inode: string): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const file of files) {
    if ((await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')) === `socket:[${inode}]`) return true;
  }
  return false;
}
