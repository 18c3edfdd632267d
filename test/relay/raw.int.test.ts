import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addSplit } from '@/test/gateway/splits/add-split';
import { eventually } from '@/test/support/eventually';
import { addProvider } from '@/test/support/relay-rows';
import { bytesOf, type RelayWorld, relayWorld } from '@/test/support/relay-world';

/** By hand on both sides: what no client and no server would write. */
describe('a relay between raw sockets', () => {
  let world: RelayWorld;
  const close = 'Host: localhost\r\nConnection: close\r\n';
  const get = (path: string, headers = '') => world.raw(`GET ${path} HTTP/1.1\r\n${close}${headers}\r\n`);
  /** The next requests are answered by these bytes, and the connection ends behind them. */
  const answering = (text: string) => {
    world.old.serve = (request) => void request.resume().socket.end(Buffer.from(text, 'latin1'));
  };
  const namesOf = ({ rawHeaders }: IncomingMessage) =>
    rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());

  beforeAll(async () => {
    world = await relayWorld({ ACME_SIGNED_API_KEY: 'access:secret' });
    await addProvider(world.sql, 'acme-signed', world.fresh.url, { auth: { scheme: 'volc-signature' } });
    await addSplit(world.sql, {
      ...{ key: 'SIGNED_WEIGHTS', slug: 'signed', kind: 'relay', prefixes: ['/signed'] },
      arms: { old: ['acme-signed', null], new: ['acme-new', null] },
      weights: { old: 1, new: 0 },
    });
    const signed = () => world.plane.runtime.dataPlane.splits.all.get('SIGNED_WEIGHTS')?.routing;
    await eventually(signed, (now) => now?.weights.old === 1 && now.version !== null, 10_000);
  });
  afterEach(async () => {
    world.old.serve = null;
    // What is played here are failures, and an arm that fails often is left alone for a while.
    await get('/acme/well');
  });
  afterAll(() => world.close());

  it('drops what each of several Connection headers names, both ways, and nothing that says what a body is', async () => {
    const hops = 'Connection: accept-language\r\nAccept-Language: de\r\nAccept: a/b\r\nIf-Match: x\r\n';
    await get('/acme/x', `${hops}Connection: keep-alive, If-Match\r\n`);
    expect(namesOf(world.old.last)).toContain('accept');
    expect(namesOf(world.old.last)).not.toContain('accept-language');
    expect(namesOf(world.old.last)).not.toContain('if-match');
    const what = 'Connection: content-type, content-length\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\nab';
    await world.raw(`POST /acme/x HTTP/1.1\r\n${close}${what}`);
    expect(namesOf(world.old.last)).toEqual(expect.arrayContaining(['content-type', 'content-length']));
    answering(
      'HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: x-one\r\nX-One: 1\r\nConnection: X-Two\r\nX-Two: 2\r\nX-Kept: 3\r\nContent-Length: 2\r\n\r\nok',
    );
    const said = await get('/acme/x');
    expect(said).toMatch(/^HTTP\/1\.1 200 .*x-kept: 3\r\n.*\r\n\r\nok$/is);
    expect(said).not.toMatch(/x-one|x-two/i);
  });

  it.each(['TRACE', 'PROPFIND'])('%s goes to nobody: a provider might say our key back', async (method) => {
    const before = world.old.asked.length;
    const said = await world.raw(`${method} /acme/x HTTP/1.1\r\n${close}\r\n`);
    expect(said).toMatch(/^HTTP\/1\.1 405 .*allow: GET, .*x-sluice-fault: caller/is);
    expect(said).toContain('Nothing was sent');
    expect(world.old.asked).toHaveLength(before);
  });

  it('is read whole, however many headers it has: its length stands behind two thousand others', async () => {
    const many = `${close}${'a:\r\n'.repeat(2100)}`;
    const post = (last: string) => world.raw(`POST /acme/x HTTP/1.1\r\n${many}${last}`);
    expect(await post('Content-Length: 2\r\n\r\nab')).toContain('"length":2');
    expect(await post('Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n')).toContain('"length":2');
    expect(await post('Host: evil.test\r\nContent-Length: 0\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*host-twice/s);
    expect(await post('Upgrade: websocket\r\nContent-Length: 0\r\n\r\n')).toMatch(/^HTTP\/1\.1 501 /);
  });

  it.each([
    ['chunks of HTTP/1.0, which others read as no body', '1.0', 'Transfer-Encoding: chunked\r\n\r\n0\r\n', 400],
    ['HTTP/2.0 in the words of 1.1', '2.0', 'Content-Length: 0\r\n', 505],
    ['HTTP/0.9 with headers', '0.9', 'Content-Length: 0\r\n', 505],
  ])('%s goes to nobody, and nothing behind it is read', async (_, version, headers, status) => {
    const before = world.old.asked.length;
    const keep = 'Host: localhost\r\nConnection: keep-alive\r\n';
    const behind = `POST /acme/behind HTTP/1.1\r\n${close}Content-Length: 0\r\n\r\n`;
    const said = await world.raw(`POST /acme/x HTTP/${version}\r\n${keep}${headers}\r\n${behind}`);
    expect(said).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(said).not.toContain('HTTP/1.1 200');
    expect(world.old.asked).toHaveLength(before);
  });

  it.each([
    [
      'hints before it',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 200 (?:(?!Link).)*\r\n\r\nok$/s,
    ],
    [
      'leave to go on before it, unasked and twice',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\nX-A: b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n',
      /^HTTP\/1\.1 200 (?:(?!X-A).)*\r\n\r\nHTTP\/1\.1 100 Continue\r\n\r\n$/s,
    ],
    [
      'no end but that of its connection',
      'HTTP/1.0 200 OK\r\n\r\nok',
      /^HTTP\/1\.1 200 .*\r\n\r\n2\r\nok\r\n0\r\n\r\n$/s,
    ],
    ['a body for 204', 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok', /^HTTP\/1\.1 204 .*\r\n\r\n$/s],
    [
      'more than its length',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
      /\r\n\r\nok$/,
    ],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab', /\r\n\r\n2\r\nab\r\n$/],
    ['no last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n', /\r\n\r\n2\r\nab\r\n$/],
    [
      'what acts where it is read',
      'HTTP/1.1 200 OK\r\nRefresh: 0; url=//evil\r\nX-Accel-Redirect: /evil\r\nX-Sendfile: /evil\r\nContent-Length: 2\r\n\r\nok',
      /^HTTP\/1\.1 200 (?:(?!evil).)*\r\n\r\nok$/s,
    ],
  ])('an answer with %s ends where it ends', async (_, text, expected) => {
    answering(text);
    expect(await get('/acme/x')).toMatch(expected);
  });

  const malformed = 'what came back is no HTTP';
  it.each([
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      malformed,
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc', malformed],
    ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 2\r\n\r\nok', malformed],
    ['no HTTP', 'SSH-2.0-x\r\n', malformed],
    ['headers without end', `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(20_000)}\r\nContent-Length: 2\r\n\r\nok`, malformed],
    [
      'a coding of its own',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      'its Transfer-Encoding is',
    ],
    ['nothing', '', 'the connection broke'],
  ])('an answer of %s is none, and what was sent is not sent again', async (_, text, why) => {
    const before = world.old.asked.length;
    answering(text);
    const said = await world.raw(`POST /acme/x HTTP/1.1\r\n${close}Content-Length: 2\r\n\r\nab`);
    expect(said).toMatch(/^HTTP\/1\.1 504 .*x-should-retry: false.*x-sluice-fault: upstream/is);
    expect(said).toContain(why);
    expect(said).not.toContain('undefined');
    expect(world.old.asked).toHaveLength(before + 1);
  });

  it('is not sent twice where a connection that was kept open ends under it', async () => {
    const bodies: string[] = [];
    const sockets = new Map<unknown, number>();
    world.old.serve = (request, response) => {
      const nth = (sockets.get(request.socket) ?? 0) + 1;
      sockets.set(request.socket, nth);
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => (nth === 1 ? response.end('first') : request.socket.destroy()));
    };
    const post = (body: string) => world.raw(`POST /acme/x HTTP/1.1\r\n${close}Content-Length: 2\r\n\r\n${body}`);
    expect(await post('aa')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await post('bb')).toMatch(/^HTTP\/1\.1 504 .*x-should-retry: false/is);
    expect(bodies).toEqual(['aa', 'bb']);
  });

  it('holds a body that is signed in the room of all bodies, and refuses it where there is none', async () => {
    const { heldRequests, generate } = world.plane.runtime.dataPlane;
    const size = 200_000;
    const post = `POST /signed/in HTTP/1.1\r\n${close}Content-Length: ${size}\r\n\r\n`;
    let held = 0;
    world.fresh.serve = (request, response) => {
      request.resume().on('end', () => {
        held = heldRequests.held;
        response.end('made');
      });
    };
    expect(await world.raw([post, bytesOf(size)])).toContain('made');
    expect([held, heldRequests.held]).toEqual([3 * size, 0]);
    const before = world.fresh.asked.length;
    const all = await heldRequests.take(heldRequests.most, generate.startDeadline(1000).signal);
    const refused = await world.raw([post, bytesOf(size)]);
    expect(refused).toMatch(/^HTTP\/1\.1 503 .*retry-after: 5.*x-sluice-fault: provider/is);
    expect(refused).toContain('holds as many bytes of large requests as it may');
    expect(world.fresh.asked).toHaveLength(before);
    all?.free();
    expect(heldRequests.held).toBe(0);
    expect(await world.raw([post, bytesOf(size)])).toContain('made');
  }, 20_000);
});
