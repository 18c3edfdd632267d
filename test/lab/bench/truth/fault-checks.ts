import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ask, headText, type Side, speak } from './ask';
import { type Check, lastAt } from './body-checks';

/** Refused with a status of its own, or sent on just so. */
const oneSpelling =
  (path: string): Check =>
  async (side, vendor) => {
    const { status } = await ask(side, path);
    const reached = vendor.seen.at(-1)?.url;
    if (reached === undefined) return status >= 400 && status < 500 ? null : `answered ${status}`;
    return reached === path ? '(sent on as it is)' : `becomes ${reached}`;
  };

const closedEarly: Check = async (side) => {
  for (let i = 0; i < 10; i++) {
    const answer = await ask(side, '/v1/early', { method: 'POST', body: Buffer.alloc(8 * 1024 * 1024) });
    if (answer.status !== 413 || String(answer.body) !== 'too large') return `answered ${answer.status}`;
  }
  return null;
};

/** Half of an upload, and nobody there any more. */
const hungUp: Check = async (side, vendor) => {
  const socket = connect({ port: side.port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.write(headText(side, 'POST', '/v1/things', ['content-length: 100000']) + 'x'.repeat(50_000));
  await wait(400);
  socket.destroy();
  await wait(400);
  return lastAt(vendor, '/v1/things')?.isWhole ? 'the vendor takes half of it for all' : null;
};

const cutShort =
  (path: string): Check =>
  async (side) => {
    const whole = await ask(side, path).catch(() => null);
    return whole === null || whole.status >= 500 ? null : `${whole.body.length} B look whole`;
  };

const refusedKey: Check = async (side) => {
  const { status } = await ask(side, '/v1/refused');
  return status === 401 ? "our key's 401 goes to the caller" : null;
};

const notFollowed: Check = async (side, vendor) => {
  const { status } = await ask(side, '/v1/elsewhere');
  if (lastAt(vendor, '/v1/followed')) return 'followed';
  return status === 302 ? null : `answered ${status}`;
};

const secrets = { cookie: 'session=of-the-caller', 'x-api-key': 'key-of-the-caller', 'x-forwarded-for': '192.0.2.7' };

const keepsToItself: Check = async (side, vendor) => {
  await ask(side, '/v1/things', { headers: secrets });
  const sent = JSON.stringify(lastAt(vendor, '/v1/things')?.headers ?? {});
  const said = Object.entries({ ...secrets, authorization: side.headers.authorization ?? 'none' });
  const leaked = said.filter(([, value]) => sent.includes(value.replace('Bearer ', ''))).map(([name]) => name);
  return leaked.length === 0 ? null : `sends on ${leaked.join(', ')}`;
};

const noCookies: Check = async (side) => {
  const { headers } = await ask(side, '/v1/cookie');
  return headers['set-cookie'] === undefined ? null : 'sets the cookie on our origin';
};

/** What one reads as a body, and another as a request. */
const inner = ({ prefix }: Side) => `GET ${prefix}/v1/smuggled HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;

const smuggled =
  (lines: (side: Side) => readonly string[], body: (side: Side) => string): Check =>
  async (side, vendor) => {
    const { text } = await speak(side.port, headText(side, 'POST', '/v1/things', lines(side)) + body(side));
    if (lastAt(vendor, '/v1/smuggled')) return 'a second request is made of it';
    if (/HTTP\/1\.1 2/.test(text)) return 'sent on';
    return null;
  };

const chunks = (side: Side) => `0\r\n\r\n${inner(side)}`;
const lengthOf = (text: string) => `content-length: ${text.length}`;

export const faultChecks: readonly (readonly [name: string, check: Check])[] = [
  ['%2f in a path', oneSpelling('/v1/a%2fb')],
  ['// in a path', oneSpelling('/v1//things')],
  ['.. in a path', oneSpelling('/v1/a/../things')],
  ['the vendor answers and closes early', closedEarly],
  ['the caller hangs up in an upload', hungUp],
  ['a redirect is not followed', notFollowed],
  ['keys, cookies, addresses of callers', keepsToItself],
  ["the vendor's cookies", noCookies],
  ['length and chunked at once', smuggled((side) => [lengthOf(chunks(side)), 'transfer-encoding: chunked'], chunks)],
  ['two lengths', smuggled((side) => ['content-length: 0', lengthOf(inner(side))], inner)],
  ['an odd transfer coding', smuggled((side) => [lengthOf(chunks(side)), 'transfer-encoding: xchunked'], chunks)],
  [
    'a folded header',
    smuggled(
      () => ['x-one: 1', ' transfer-encoding: chunked', 'content-length: 0'],
      () => '',
    ),
  ],
  ['an answer is cut short', cutShort('/v1/short')],
  ['an answer in chunks is cut short', cutShort('/v1/broken-chunks')],
  ['the vendor refuses our key', refusedKey],
];
