import { createHash } from 'node:crypto';
import { type IncomingMessage, request as send } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@/test/support/eventually';
import { bytesOf, type RelayWorld, relayWorld, sha256 } from '@/test/support/relay-world';

const mb = 1024 * 1024;

describe('the bytes of a relay', () => {
  let world: RelayWorld;
  const at = (path: string) => world.plane.url + path;
  /** Without the courtesies of fetch: nothing is unpacked, and no header is added. */
  const ask = (path: string, method: string, headers: Record<string, string> = {}, body?: Readable | Buffer) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(at(path), { method, headers }, resolve).on('error', reject);
      if (body instanceof Readable) body.pipe(request);
      else request.end(body);
    });
  const digestOf = async (message: IncomingMessage) => {
    const hash = createHash('sha256');
    for await (const chunk of message) hash.update(chunk);
    return hash.digest('hex');
  };
  const jsonOf = async (message: IncomingMessage) => JSON.parse(Buffer.concat(await message.toArray()).toString());

  beforeAll(async () => {
    world = await relayWorld();
  });
  afterEach(() => {
    world.old.serve = null;
  });
  afterAll(() => world.close());

  it.each([0, 1, 65_537, 8 * mb])('%d of them are the same, there and back', async (size) => {
    const body = bytesOf(size);
    const sha = sha256(body);
    const length = { 'content-length': String(size) };
    expect(await jsonOf(await ask('/acme/in', 'PUT', length, body))).toMatchObject({ sha256: sha, length: size });
    const chunks = Readable.from(
      (size === 0 ? [] : [body.subarray(0, size >> 1), body.subarray(size >> 1)]) as Buffer[],
    );
    const inPieces = await jsonOf(await ask('/acme/in', 'POST', { 'transfer-encoding': 'chunked' }, chunks));
    expect(inPieces).toMatchObject({ sha256: sha, length: size });
    for (const how of ['bytes', 'chunked']) expect(await digestOf(await ask(`/acme/${how}/${size}`, 'GET'))).toBe(sha);
  });

  it('64 MB of them are the same, too', async () => {
    const size = 64 * mb;
    const body = bytesOf(size);
    const sha = sha256(body);
    const sent = await jsonOf(await ask('/acme/in', 'PUT', { 'content-length': String(size) }, body));
    expect(sent).toMatchObject({ sha256: sha, length: size });
    expect(await digestOf(await ask(`/acme/bytes/${size}`, 'GET'))).toBe(sha);
  }, 60_000);

  it('leaves a packed answer packed, and the boundary of a form where it is', async () => {
    for (const coding of ['gzip', 'br']) {
      const [direct, relayed] = await Promise.all([
        fetch(`${world.old.url}/${coding}/5000`).then((answer) => answer.headers.get('content-length')),
        ask(`/acme/${coding}/5000`, 'GET', { 'accept-encoding': coding }),
      ]);
      expect([relayed.headers['content-encoding'], relayed.headers['content-length']]).toEqual([coding, direct]);
      await digestOf(relayed);
      const unpacked = Buffer.from(await (await fetch(at(`/acme/${coding}/5000`))).arrayBuffer());
      expect(sha256(unpacked)).toBe(sha256(bytesOf(5000)));
    }
    const form = Buffer.from(
      '--odd=_1\r\ncontent-disposition: form-data; name="a"\r\n\r\n\x00\xff\r\n--odd=_1--\r\n',
      'latin1',
    );
    const type = 'multipart/form-data; boundary="odd=_1"';
    const said = await jsonOf(await ask('/acme/form', 'POST', { 'content-type': type }, form));
    expect([said.headers['content-type'], said.sha256]).toEqual([type, sha256(form)]);
  });

  it('has none for HEAD, 204 and 304, sends none with a question, and drops trailers', async () => {
    const head = await ask('/acme/bytes/123', 'HEAD');
    expect([head.statusCode, head.headers['content-length'], await digestOf(head)]).toEqual([
      200,
      '123',
      sha256(Buffer.alloc(0)),
    ]);
    for (const status of [204, 304]) expect((await ask(`/acme/status/${status}`, 'GET')).statusCode).toBe(status);
    const question = await jsonOf(
      await ask('/acme/q', 'GET', { 'content-type': 'a/b', 'content-length': '2' }, Buffer.from('{}')),
    );
    expect([question.length, question.headers['content-type']]).toEqual([0, undefined]);
    world.old.serve = (request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { trailer: 'x-sum', 'x-trailers': JSON.stringify(request.trailers) });
        response.write('a');
        response.addTrailers({ 'x-sum': '1' });
        response.end();
      });
    };
    const body =
      'POST /acme/t HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: x-up\r\n\r\n1\r\na\r\n0\r\nx-up: 1\r\n\r\n';
    const answer = await world.raw(body);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('x-trailers: {}');
    expect(answer).not.toMatch(/x-sum/i);
  });

  it('asks for the body when the provider listens, and not of whoever may not send it', async () => {
    const head = (path: string) =>
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n`;
    const asked = await world.raw([head('/acme/in'), 'abc']);
    expect(asked).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    const refused = await world.raw(head('/acme/a%2fb'));
    expect(refused).toMatch(/^HTTP\/1\.1 400 /);
    expect(refused).toContain('x-sluice-fault: caller');
  });

  it('come as they are made, and an answer that breaks off breaks off here', async () => {
    let go: () => void = () => undefined;
    world.old.serve = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      go = () => response.end('data: 2\n\n');
    };
    const events = (await fetch(at('/acme/events'))).body?.getReader();
    expect(Buffer.from((await events?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    go();
    expect(Buffer.from((await events?.read())?.value ?? []).toString()).toBe('data: 2\n\n');
    world.old.serve = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    };
    await expect(fetch(at('/acme/half')).then((answer) => answer.text())).rejects.toThrow();
  });

  it('end on the other side when either side hangs up', async () => {
    const { calls } = world.plane.runtime.dataPlane.generate;
    let closed = 0;
    world.old.serve = (request, response) => {
      response.on('close', () => {
        closed += 1;
      });
      request.on('error', () => undefined).resume();
      if (request.method === 'GET') response.write('x');
    };
    const upload = send(at('/acme/in'), { method: 'POST', headers: { 'content-length': '100' } }).on(
      'error',
      () => undefined,
    );
    upload.write('some');
    await eventually(
      () => calls.size,
      (size) => size === 1,
      10_000,
    );
    upload.destroy();
    await eventually(
      () => closed,
      (count) => count === 1,
      10_000,
    );
    const reading = new AbortController();
    const answer = await fetch(at('/acme/endless'), { signal: reading.signal });
    await answer.body?.getReader().read();
    reading.abort();
    await eventually(
      () => closed,
      (count) => count === 2,
      15_000,
    );
    await eventually(
      () => calls.size,
      (size) => size === 0,
      10_000,
    );
  });

  it('are not waited for where the provider refuses before it has them', async () => {
    world.old.serve = (_, response) => response.writeHead(413).end('too large');
    const answer = await world.raw([
      `POST /acme/in HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${9 * mb}\r\n\r\n`,
      bytesOf(mb),
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('too large');
  });

  it.each([
    ['a length and chunks', 'POST /acme/x', 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'],
    ['two lengths', 'POST /acme/x', 'Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd'],
    ['a folded header', 'POST /acme/x', 'X-A: 1\r\n 2\r\nContent-Length: 0\r\n', ''],
    ['a coding of its own', 'POST /acme/x', 'Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'],
    ['chunks that are none', 'POST /acme/x', 'Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'],
    ['an absolute target', 'GET http://localhost/acme/x', '', ''],
    ['a path that climbs', 'GET /acme/../x', '', ''],
    ['a websocket', 'GET /acme/x', 'Upgrade: websocket\r\nConnection: upgrade\r\n', ''],
  ])('%s goes to nobody', async (_, line, headers, body) => {
    const before = world.old.asked.length;
    const close = headers.includes('upgrade') ? '' : 'Connection: close\r\n';
    const answer = await world.raw(`${line} HTTP/1.1\r\nHost: localhost\r\n${close}${headers}\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
    expect(world.old.asked).toHaveLength(before);
  });
});
