import { connect } from 'node:net';
import { Client, type Dispatcher } from 'undici';

/** One proxy under test: what leads through it to the vendor. */
export interface Side {
  readonly name: string;
  readonly port: number;
  /** Before the vendor's own path. */
  readonly prefix: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
}

type Asked = Partial<Pick<Dispatcher.RequestOptions, 'body' | 'headers' | 'method'>>;

/** By a connection of its own; throws where no whole answer came. */
export async function ask({ port, prefix, headers }: Side, path: string, asked: Asked = {}): Promise<Answered> {
  const client = new Client(`http://127.0.0.1:${port}`, { headersTimeout: 15_000, bodyTimeout: 15_000 });
  try {
    const { method = 'GET', body = null, headers: more } = asked;
    const all = { ...headers, ...(more as Record<string, string> | undefined) };
    const answer = await client.request({ path: prefix + path, method, headers: all, body });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: answer.headers, body: bytes };
  } finally {
    await client.destroy();
  }
}

interface Spoken {
  readonly text: string;
  /** The other side closed the connection. */
  readonly isClosed: boolean;
}

/** Sends bytes by hand, and what comes next when `then` is heard; ends when nothing came for a while. */
export function speak(port: number, text: string, then?: { heard: string; say: string }): Promise<Spoken> {
  return new Promise((resolve) => {
    let heard = '';
    let hasSaid = false;
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(text, 'latin1'));
    const end = (isClosed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: heard, isClosed });
    };
    const quiet = () => end(false);
    let timer = setTimeout(quiet, 2500);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      heard += chunk;
      clearTimeout(timer);
      timer = setTimeout(quiet, 700);
      if (!then || hasSaid || !heard.includes(then.heard)) return;
      hasSaid = true;
      socket.write(then.say, 'latin1');
    });
    socket.on('error', () => end(true));
    socket.on('close', () => end(true));
  });
}

/** The head of a request by hand. */
export function headText({ prefix, headers }: Side, method: string, path: string, lines: readonly string[]): string {
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${prefix}${path} HTTP/1.1`, 'host: 127.0.0.1', ...own, ...lines, '', ''].join('\r\n');
}
