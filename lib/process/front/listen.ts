import type { AddressInfo, Server } from 'node:net';
import { capital } from '@/lib/kernel/plain-text';
import { nextPort, portText, takenText } from '@/lib/kernel/port-text';

/** A port that could not be opened, in a sentence that says what to do. */
export class PortRefused extends Error {
  constructor(
    readonly code: string,
    sentence: string,
    cause: unknown,
  ) {
    super(sentence, { cause });
    this.name = 'PortRefused';
  }
}

export function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      reject(new PortRefused(error.code ?? '', sentenceOf(error, port, host), error));
    server.once('error', refuse);
    server.listen({ port, host }, () => {
      server.removeListener('error', refuse);
      resolve(server.address() as AddressInfo);
    });
  });
}

function sentenceOf(error: NodeJS.ErrnoException, port: number, host: string): string {
  const another = `Choose another with PORT=${nextPort(port)} npm start.`;
  if (error.code === 'EADDRINUSE') return `${capital(takenText(port, host))}. ${another}`;
  if (error.code === 'EACCES') return `Port ${port} may not be opened by this user. ${another}`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `HOST=${host} is not an address of this machine. Leave it out for 127.0.0.1.`;
  return `${capital(portText(port, host))} cannot be opened: ${error.message}. ${another}`;
}
