import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Letter {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The other end of a webhook: keeps what it is sent and answers `status`. */
export interface Receiver {
  readonly url: string;
  readonly letters: Letter[];
  status: number;
  /** The body of its answers. */
  says: string;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const letters: Letter[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      letters.push({ headers: request.headers, body });
      response.writeHead(receiver.status, { connection: 'close' }).end(receiver.says);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    letters,
    status: 204,
    says: '',
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return receiver;
}
