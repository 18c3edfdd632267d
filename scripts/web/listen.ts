import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Opens the port; the error is a sentence that says what to do. */
export function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new Error(sentenceOf(error, port, host), { cause: error })),
    );
    server.listen({ port, host }, () => {
      server.removeAllListeners('error');
      resolve(server.address() as AddressInfo);
    });
  });
}

function sentenceOf(error: NodeJS.ErrnoException, port: number, host: string): string {
  const another = `Choose another one with PORT=${port >= 65_535 ? 3000 : port + 1}.`;
  if (error.code === 'EADDRINUSE') return `Port ${port} on ${host} is taken by another program. ${another}`;
  if (error.code === 'EACCES') return `Port ${port} may not be opened by this user. ${another}`;
  if (error.code === 'EADDRNOTAVAIL') return `HOST=${host} is not an address of this machine. Unset it for 127.0.0.1.`;
  return `Port ${port} on ${host} cannot be opened: ${error.message}. ${another}`;
}
