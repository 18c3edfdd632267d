import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@/test/support/eventually';
import { addProvider } from '@/test/support/relay-rows';
import { type RelayWorld, relayWorld, sha256 } from '@/test/support/relay-world';

describe('a relay', () => {
  let world: RelayWorld;
  const at = (path: string) => world.plane.url + path;
  const post = (path: string, body = '{}', headers: Record<string, string> = {}) =>
    fetch(at(path), { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const rowsOf = async (requestId: string) => {
    await world.plane.runtime.dataPlane.events.flush();
    return world.sql`select event_type as type, event_data as data from analytics_logs
      where event_data ->> 'request_id' = ${requestId} order by id`;
  };

  beforeAll(async () => {
    world = await relayWorld();
  });
  afterEach(() => {
    world.old.serve = null;
    world.fresh.serve = null;
  });
  afterAll(() => world.close());

  it('sends on what comes to its prefix, with its own key, and says which arm answered', async () => {
    const response = await fetch(at('/acme/v1/things?a=1&b=%20x'), {
      method: 'POST',
      headers: { authorization: 'Bearer of-the-caller', cookie: 'a=b', 'content-type': 'text/x-odd', 'x-custom': '1' },
      body: 'hello',
    });
    expect(response.status).toBe(200);
    const said = await response.json();
    const sha = sha256(Buffer.from('hello'));
    expect(said).toMatchObject({ url: '/v1/things?a=1&b=%20x', method: 'POST', length: 5, sha256: sha });
    expect(said.headers).toMatchObject({
      authorization: 'Bearer sandbox-relay',
      'content-type': 'text/x-odd',
      'content-length': '5',
      'user-agent': 'sluice',
      host: new URL(world.old.url).host,
    });
    expect(said.headers).not.toHaveProperty('cookie');
    expect(said.headers).not.toHaveProperty('x-custom');
    const { headers } = response;
    expect([headers.get('x-sluice-split'), headers.get('x-sluice-arm')]).toEqual(['acme', 'old']);
    expect(headers.get('x-sluice-version')).toMatch(/^\d+$/);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect((await fetch(at('/acme2/x'))).headers.get('x-sluice-split')).toBe('acme');
    expect((await fetch(at('/acme3/x'))).status).toBe(404);
  });

  it('writes each request down as every split does', async () => {
    await post('/acme/x', '{}', { 'x-request-id': 'relay-events-1' });
    const rows = await rowsOf('relay-events-1');
    expect(rows.map(({ type }) => type)).toEqual(['split_route', 'split_ok']);
    expect(rows[0]?.data).toMatchObject({ split: 'ACME_WEIGHTS', provider: 'acme-old', arm: 'old', assigned: 'old' });
    expect(rows[0]?.data).not.toHaveProperty('size');
  });

  it('passes a failure as it came, and counts it', async () => {
    world.old.serve = (_, response) => response.writeHead(500, { 'x-odd': 'yes' }).end('{"oh":"no"}');
    const answer = await post('/acme/x', '{}', { 'x-request-id': 'relay-failed-1' });
    expect([answer.status, answer.headers.get('x-odd'), await answer.text()]).toEqual([500, 'yes', '{"oh":"no"}']);
    expect(answer.headers.get('x-sluice-arm')).toBe('old');
    const rows = await rowsOf('relay-failed-1');
    expect(rows.map(({ type }) => type)).toEqual(['split_route', 'split_failed']);
    expect(rows[0]?.data).toMatchObject({ error_kind: 'provider_5xx', http_status: 500 });
  });

  it('says that our key was refused, to the caller and in health, and never as the caller’s', async () => {
    world.old.serve = (_, response) => response.writeHead(401, { 'www-authenticate': 'x' }).end('no');
    const answer = await post('/acme/x');
    expect([answer.status, answer.headers.get('x-sluice-fault')]).toEqual([502, 'key']);
    expect(answer.headers.get('www-authenticate')).toBeNull();
    expect(await answer.json()).toMatchObject({ code: 'provider-auth' });
    const health = await (await fetch(at('/api/health'))).json();
    expect(health.providers['acme-old']).toMatchObject({ ok: false, error: 'it refuses our key' });
    world.old.serve = null;
    expect((await post('/acme/x')).status).toBe(200);
  });

  it('passes that our key may not do this, and raises no alert for what a caller asked', async () => {
    world.old.serve = (_, response) => response.writeHead(403).end('not this');
    const answer = await post('/acme/x', '{}', { 'x-request-id': 'relay-forbidden-1' });
    expect([answer.status, answer.headers.get('x-sluice-fault'), await answer.text()]).toEqual([403, null, 'not this']);
    const rows = await rowsOf('relay-forbidden-1');
    expect(rows.map(({ type, data }) => [type, data.error_kind])).toEqual([
      ['split_route', 'rejected'],
      ['split_failed', 'rejected'],
    ]);
    const health = await (await fetch(at('/api/health'))).json();
    expect(health.providers['acme-old']).toMatchObject({ ok: true });
  });

  it('renames what speaks of our account, follows no redirect, and leads back through itself', async () => {
    world.old.serve = (_, response) =>
      response
        .writeHead(302, { location: `${world.old.url}/v1/there?x=1`, 'x-ratelimit-left': '3', server: 'v' })
        .end();
    const answer = await fetch(at('/acme/here'), { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/acme/v1/there?x=1']);
    const { headers } = answer;
    expect([headers.get('x-upstream-ratelimit-left'), headers.get('x-ratelimit-left'), headers.get('server')]).toEqual([
      '3',
      null,
      null,
    ]);
  });

  it('follows the registry at once: address, key, options, arms', async () => {
    const { sql } = world;
    const change = (options: object) =>
      sql`update sluice.providers set options = ${JSON.stringify({ dialect: 'generic', private: true, ...options })}::text::jsonb where name = 'acme-old'`;
    await change({
      path_prefix: '/below',
      auth: { scheme: 'header', name: 'X-Key' },
      pass: ['x-custom'],
      headers: { 'x-fixed': '1' },
    });
    const said = async () => (await post('/acme/x', '{}', { 'x-custom': 'c', 'x-fixed': 'mine' })).json();
    await eventually(said, ({ url }) => url === '/below/x', 10_000);
    expect((await said()).headers).toMatchObject({ 'x-key': 'sandbox-relay', 'x-custom': 'c', 'x-fixed': '1' });
    await change({});
    await eventually(said, ({ url }) => url === '/x', 10_000);
    await world.share({ old: 0, new: 1 });
    expect((await post('/acme/x')).headers.get('x-sluice-arm')).toBe('new');
    await world.share({ old: 1, new: 0 });
    await sql`update sluice.splits set match = '{"prefixes": ["/acme", "/acme2", "/later"]}' where key = 'ACME_WEIGHTS'`;
    await eventually(
      async () => (await post('/later/x')).status,
      (status) => status === 200,
      10_000,
    );
  });

  it('is given up at its deadline, and kept from being sent again', async () => {
    await world.sql`update sluice.providers set options = '{"dialect": "generic", "private": true, "timeout_ms": 1000}' where name = 'acme-old'`;
    world.old.serve = (_, response) => void setTimeout(() => response.end(), 30_000).unref();
    const { plane } = world;
    const timeout = () => plane.runtime.dataPlane.lanes.get('acme-old')?.provider.streams?.options.timeoutMs;
    await eventually(timeout, (ms) => ms === 1000, 10_000);
    const answer = await post('/acme/x');
    const { headers } = answer;
    expect([answer.status, headers.get('x-should-retry'), headers.get('x-sluice-fault')]).toEqual([
      504,
      'false',
      'upstream',
    ]);
    await world.sql`update sluice.providers set options = '{"dialect": "generic", "private": true}' where name = 'acme-old'`;
    await eventually(timeout, (ms) => ms === 300_000, 10_000);
  });

  it('goes to another arm, whole, where nothing of it was sent', async () => {
    const refusing = createServer();
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const { port } = refusing.address() as { port: number };
    await new Promise((resolve) => refusing.close(resolve));
    const { sql } = world;
    await addProvider(sql, 'acme-away', `http://127.0.0.1:${port}`, {});
    await sql`update sluice.arms set provider = 'acme-away' where split = 'ACME_WEIGHTS' and name = 'new'`;
    await world.share({ old: 0, new: 1 });
    await eventually(
      () => world.plane.runtime.dataPlane.splits.all.get('ACME_WEIGHTS')?.arms.get('new')?.provider,
      (name) => name === 'acme-away',
      10_000,
    );
    const answer = await post('/acme/x', 'whole', { 'x-request-id': 'relay-over-1' });
    expect(answer.headers.get('x-sluice-arm')).toBe('old');
    expect(await answer.json()).toMatchObject({ length: 5, sha256: sha256(Buffer.from('whole')) });
    const rows = await rowsOf('relay-over-1');
    expect(rows.map(({ data }) => [data.arm, data.error_kind])).toEqual([
      ['new', 'connect'],
      ['old', undefined],
      ['old', undefined],
    ]);
    await world.share({ old: 1, new: 0 });
  });

  it('lets in callers with the scope, at the prefixes that they have', async () => {
    const { sql } = world;
    const add = async (name: string, scopes: string[], prefixes: string[]) => {
      await sql`insert into sluice.callers (name, scopes, prefixes) values (${name}, ${scopes}, ${prefixes})`;
      await sql`insert into sluice.caller_keys (caller, key_hash, hint) values (${name}, ${sha256(Buffer.from(`key-of-${name}`))}, 'e')`;
    };
    await add('images', ['generate'], []);
    await add('one', ['relay'], ['/acme2']);
    await add('all', ['relay'], []);
    const asked = async (name: string, path = '/acme/x') => {
      const { status, headers } = await post(path, '{}', { authorization: `Bearer key-of-${name}` });
      return [status, headers.get('x-sluice-fault')];
    };
    await eventually(
      () => asked('all'),
      ([status]) => status === 200,
      10_000,
    );
    expect(await asked('nobody')).toEqual([401, 'caller']);
    expect(await asked('images')).toEqual([403, 'caller']);
    expect(await asked('one')).toEqual([403, 'prefix']);
    expect(await asked('one', '/acme2/x')).toEqual([200, null]);
  });

  it('tells two callers apart who choose the same key for a request, and one caller again', async () => {
    const keyed = async (name: string, key: string, path = '/acme/x') => {
      const response = await post(path, '{}', { authorization: `Bearer key-of-${name}`, 'idempotency-key': key });
      expect(response.status).toBe(200);
      const { headers } = (await response.json()) as { headers: Record<string, string> };
      expect(response.headers.get('x-sluice-idempotency-key')).toBe(headers['idempotency-key']);
      return headers['idempotency-key'];
    };
    const first = await keyed('all', 'order-1');
    expect(first).toMatch(/^[0-9a-f]{12}-order-1$/);
    await world.share({ old: 0, new: 1 });
    expect(await keyed('all', 'order-1', '/acme2/y')).toBe(first);
    const other = await keyed('one', 'order-1', '/acme2/x');
    expect(other).toMatch(/-order-1$/);
    expect(other).not.toBe(first);
    // As long as a vendor takes one.
    expect(await keyed('all', 'a'.repeat(255))).toMatch(/^[0-9a-f]{64}$/);
    await world.share({ old: 1, new: 0 });
    const authorization = 'Bearer key-of-all';
    for (const none of [[], [['idempotency-key', '']]]) {
      const unkeyed = await post('/acme/x', '{}', { authorization, ...Object.fromEntries(none) });
      expect(unkeyed.headers.has('x-sluice-idempotency-key')).toBe(false);
      expect((await unkeyed.json()).headers).not.toHaveProperty('idempotency-key');
    }
    const before = world.old.asked.length;
    const two = await post('/acme/x', '{}', { authorization, 'idempotency-key': 'a', 'x-idempotency-key': 'b' });
    expect([two.status, two.headers.get('x-sluice-fault')]).toEqual([400, 'caller']);
    expect(await two.json()).toMatchObject({ code: 'unclear-request', detail: expect.stringContaining('choose one') });
    expect(world.old.asked.length).toBe(before);
  });
});
