import { createServer } from 'node:net';

/** Throws a sentence when the port cannot be had; better before the build than after it. */
export async function assertPortFree(port: number, host: string, url: string): Promise<void> {
  const error = await tryPort(port, host);
  if (error === null) return;
  if (error.code === 'EADDRINUSE' && (await isSluice(url))) {
    const another = `PORT=${port === 65535 ? 3000 : port + 1} SLUICE_DATA_DIR=.data-2 npm start`;
    throw new Error(`Sluice already runs at ${url}. End it there (Ctrl-C), or start another beside it: ${another}`);
  }
  throw new Error(sentence(error, port, host));
}

function tryPort(port: number, host: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

async function isSluice(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/health/live`, { signal: AbortSignal.timeout(1000) });
    return ((await answer.json()) as { status?: unknown }).status === 'live';
  } catch {
    return false;
  }
}

function sentence(error: NodeJS.ErrnoException, port: number, host: string): string {
  const choose = `Choose another with PORT=${port === 65535 ? 3000 : port + 1} npm start.`;
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program. ${choose}`;
  if (error.code === 'EACCES') return `Port ${port} may not be opened by this user. ${choose}`;
  if (error.code === 'EADDRNOTAVAIL')
    return `HOST=${host} is not an address of this machine. Leave it out for 127.0.0.1.`;
  return `Port ${port} on ${host} cannot be opened: ${error.message}. ${choose}`;
}
