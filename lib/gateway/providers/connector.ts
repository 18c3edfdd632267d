import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Connections on which what a provider says before its answer is passed over: undici breaks off at `100 Continue` unasked. */
export function connector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (to, made) =>
    connect(to, (...outcome: Parameters<buildConnector.Callback>) => {
      const [, socket] = outcome;
      if (socket) awaited.set(socket, new AnswerOf(socket));
      made(...outcome);
    });
}

const awaited = new WeakMap<Socket, AnswerOf>();

// What a body says must not be taken for a head: only whoever writes the request knows when an answer is due.
subscribe('undici:client:sendHeaders', (message) => {
  awaited.get((message as { readonly socket: Socket }).socket)?.expect();
});

class AnswerOf {
  private isDue = false;
  private held: Buffer | null = null;

  constructor(socket: Socket) {
    const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
    socket.read = (size?: number) => (this.isDue && size === undefined ? this.next(read) : read(size));
  }

  expect(): void {
    this.isDue = true;
    this.held = null;
  }

  private next(read: () => Buffer | null): Buffer | null {
    for (let chunk = read(); chunk !== null; chunk = read()) {
      const bytes = passOver(this.held === null ? chunk : Buffer.concat([this.held, chunk]));
      if (!isUnsure(bytes)) {
        this.isDue = false;
        return bytes;
      }
      this.held = bytes;
    }
    return null;
  }
}

/** Anything from 100 to 199 but 101, which would make the connection another. */
const interim = /^HTTP\/1\.[01] 1(?!01)\d\d[ \r]/;
const beginning = 'HTTP/1.1 100 ';
const longestHead = 16 * 1024;

function passOver(bytes: Buffer): Buffer {
  let rest = bytes;
  while (isInterim(rest)) {
    const end = endOfHead(rest);
    if (typeof end !== 'number') break;
    rest = rest.subarray(end);
  }
  return rest;
}

/** `odd`: it ends in another way than the one that all read alike, and is for undici to judge. */
function endOfHead(bytes: Buffer): number | 'odd' | null {
  const found = /\r?\n\r?\n/.exec(bytes.toString('latin1', 0, longestHead));
  if (found === null) return null;
  return found[0] === '\r\n\r\n' ? found.index + found[0].length : 'odd';
}

/** Nearly every answer is seen by one digit not to be one. */
const isInterim = (bytes: Buffer) => bytes[9] === 0x31 && interim.test(bytes.toString('latin1', 0, beginning.length));

/** More has to come before it is known whether it is the answer. */
function isUnsure(bytes: Buffer): boolean {
  if (bytes.length >= beginning.length)
    return bytes.length < longestHead && isInterim(bytes) && endOfHead(bytes) === null;
  return interim.test(bytes.toString('latin1') + beginning.slice(bytes.length));
}
