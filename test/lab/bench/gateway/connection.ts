import { connect, type Socket } from 'node:net';

/**
 * One keep-alive connection that sends the next request when the answer to the last one is whole, by hand on a raw
 * socket: what the load takes of the machine is taken from what is measured.
 */
export class Connection {
  readonly #socket: Socket;
  #waiting = '';
  #answered: (() => void) | null = null;
  #failed: (fault: Error) => void = () => undefined;

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }).setEncoding('latin1');
    this.#socket.on('data', (chunk: string) => this.#take(chunk));
    this.#socket.on('error', (fault) => this.#failed(fault));
    this.#socket.on('close', () => this.#failed(new Error('The connection was closed.')));
  }

  /** Sends `next()` again and again while it has something to send. */
  run(next: () => string | null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#failed = reject;
      this.#answered = () => {
        const request = next();
        if (request === null) resolve();
        else this.#socket.write(request, 'latin1');
      };
      this.#answered();
    });
  }

  close(): void {
    this.#failed = () => undefined;
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#waiting = this.#waiting === '' ? chunk : this.#waiting + chunk;
    const head = this.#waiting.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#waiting)?.[1];
    const isWhole =
      length === undefined
        ? this.#waiting.endsWith('\r\n0\r\n\r\n')
        : this.#waiting.length >= head + 4 + Number(length);
    if (!isWhole) return;
    const answer = this.#waiting;
    this.#waiting = '';
    if (answer.startsWith('HTTP/1.1 200 ')) this.#answered?.();
    else this.#failed(new Error(`It was answered: ${answer.slice(0, 300)}`));
  }
}

export function requestText(path: string, headers: Readonly<Record<string, string>>, body: string): string {
  const all = { host: '127.0.0.1', ...headers, 'content-length': String(Buffer.byteLength(body)) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}
