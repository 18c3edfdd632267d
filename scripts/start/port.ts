import { createServer } from 'node:net';

/** Throws a sentence when the port cannot be had; better before the build than after it. */
export function assertPortFree(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Error(sentence(error, port, host))));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve()));
  });
}

function sentence(error: NodeJS.ErrnoException, port: number, host: string): string {
  const choose = `Choose another with PORT=${port === 65535 ? 3000 : port + 1} npm start.`;
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program. ${choose}`;
  if (error.code === 'EACCES') return `Port ${port} may not be opened by this user. ${choose}`;
  if (error.code === 'EADDRNOTAVAIL')
    return `HOST=${host} is not an address of this machine. Leave it out for 127.0.0.1.`;
  return `Port ${port} on ${host} cannot be opened: ${error.message}. ${choose}`;
}
