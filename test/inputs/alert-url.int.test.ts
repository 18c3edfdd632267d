import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { webhookNotifier } from '@/lib/notify/webhook-notifier';
import { access } from '@/lib/process/web';
import { runCommand } from '@/scripts/sluice/run-command';
import { expectDecent, expectRefusal } from './expect-refusal';
import { doors, openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
afterEach(() => vi.restoreAllMocks());

const isPrivate = /is not a public address/;
const isOdd = /spells the address 127\.0\.0\.1 in an odd way/;
const isLocal = /a local name/;
const noHttps = /it must start with https:\/\//;

const rows: readonly (readonly [string, RegExp])[] = [
  ['https://127.0.0.1/x', isPrivate],
  ['https://127.255.255.254/x', isPrivate],
  ['https://0.0.0.0/x', isPrivate],
  ['https://10.0.0.1/x', isPrivate],
  ['https://172.16.0.1/x', isPrivate],
  ['https://192.168.1.1/x', isPrivate],
  ['https://100.64.0.1/x', isPrivate],
  ['https://169.254.1.1/x', isPrivate],
  ['https://169.254.169.254/latest/meta-data', isPrivate],
  ['https://[fd00:ec2::254]/x', isPrivate],
  ['https://metadata.google.internal/x', isLocal],
  ['https://[::1]/x', isPrivate],
  ['https://[::]/x', isPrivate],
  ['https://[fe80::1]/x', isPrivate],
  ['https://[fc00::1]/x', isPrivate],
  ['https://[::ffff:127.0.0.1]/x', isPrivate],
  ['https://[::ffff:7f00:1]/x', isPrivate],
  ['https://[64:ff9b::7f00:1]/x', isPrivate],
  ['https://localhost/x', isLocal],
  ['https://a.localhost./x', isLocal],
  ['https://db/x', isLocal],
  ['https://2130706433/x', isOdd],
  ['https://0x7f000001/x', isOdd],
  ['https://0x7f.1/x', isOdd],
  ['https://017700000001/x', isOdd],
  ['https://127.1/x', isOdd],
  ['https://１２７.０.０.１/x', isOdd],
  ['https://127。0。0。1/x', isOdd],
  ['https://127.0.0.1./x', isPrivate],
  ['https://ann:pw@hooks.slack.com/x', /user name or password/],
  ['https://hooks.slack.com@10.0.0.1/x', /user name or password/],
  ['https://hooks.slack.com\\@10.0.0.1/x', /backslash/],
  ['https://hooks.slack.com/\r\nhost: x', /control character/],
  ['http://hooks.slack.com/x', noHttps],
  ['ftp://hooks.slack.com/x', noHttps],
  ['file:///etc/passwd', noHttps],
  ['gopher://127.0.0.1:6379/_flushall', noHttps],
  ['data:text/plain,x', noHttps],
  ['javascript:alert(1)', noHttps],
  ['//hooks.slack.com/x', /is not a URL/],
  ['', /is not a URL/],
  [`https://hooks.slack.com/${'y'.repeat(2048)}`, /at most 2048/],
  [`https://${'y'.repeat(300)}`, /host has 300 characters; a name has 253 at most/],
];

async function byCli(url: string): Promise<{ code: number; detail: string }> {
  vi.stubEnv('DATABASE_URL', world.api.rollout.database.url);
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    said += String(chunk);
    return true;
  });
  const code = await runCommand(['alerts', '--json', '--', 'add', 'webhook', url]);
  vi.restoreAllMocks();
  return { code, detail: (JSON.parse(said) as { error: { detail: string } }).error.detail };
}

describe('an address where no alert may go', () => {
  it.each(rows.map(([url, names]) => [url.slice(0, 60), url, names] as const))('%j', async (_, url, names) => {
    const before = await world.state();
    const cli = await byCli(url);
    expect(cli.code).toBe(1);
    expect(cli.detail).toMatch(names);
    expectDecent(cli.detail, url);
    for (const door of doors) {
      const body = { kind: 'webhook', url };
      const said = await world.send(door, { method: 'POST', path: '/api/alert-channels', body });
      expectRefusal(said, { status: 422, code: 'channel-invalid', names: [names], sent: url });
      expect(said.body.detail).toBe(cli.detail);
    }
    expect(await world.state()).toEqual(before);
  });

  it.each([
    [{ kind: 'pigeon', url: 'https://8.8.8.8/' }, 'channel-invalid', '"pigeon" is not a kind of channel'],
    [{ kind: 'y'.repeat(150), url: 'https://8.8.8.8/' }, 'channel-invalid', 'is not a kind of channel'],
    [{ kind: 'webhook', url: 7 }, 'body-invalid', '/url must be text'],
    [{ kind: 'webhook', url: 'https://8.8.8.8/', secret: 7 }, 'body-invalid', '/secret must be text'],
    [
      { kind: 'webhook', url: 'https://8.8.8.8/', secret: 'short' },
      'channel-invalid',
      '5 characters; it needs 8 to 200',
    ],
    [{ kind: 'slack', url: 'https://8.8.8.8/', secret: 'long-enough' }, 'channel-invalid', 'takes no secret'],
  ])('or a channel %j', async (body, code, names) => {
    const before = await world.state();
    for (const door of doors) {
      const said = await world.send(door, { method: 'POST', path: '/api/alert-channels', body });
      expectRefusal(said, { status: 422, code, names: [names], sent: Object.values(body).join() });
      expect(said.text).not.toMatch(/"short"|long-enough/);
    }
    expect(await world.state()).toEqual(before);
  });
});

describe('a delivery', () => {
  const message = {
    ...{ id: 'msg_1', kind: 'test' as const, atMs: 0, detail: 'x', split: 'S' },
    ...{ alertId: null, journalId: null, params: {} },
  };
  const channel = (url: string) => ({
    ...{ id: 1, kind: 'webhook' as const, url, secret: null, enabled: true },
    ...{ createdAtMs: 0, createdBy: 'test' },
  });

  async function receiver(answer: (hits: number) => { status: number; location?: string }) {
    const seen = { hits: 0 };
    const server = createServer((request, response) => {
      seen.hits += 1;
      request.resume();
      const { status, location } = answer(seen.hits);
      response.writeHead(status, location === undefined ? {} : { location }).end('{}');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const close = () => new Promise((done) => server.close(done).closeAllConnections());
    return { seen, url: `http://127.0.0.1:${port}/hook`, port, close };
  }

  it('goes to none of them, though the row was written by hand', async () => {
    const target = await receiver(() => ({ status: 200 }));
    const { sql } = world.api.rollout;
    const urls = [target.url, target.url.replace('http:', 'https:'), ...rows.map(([url]) => url)];
    for (const url of urls) {
      await sql`insert into sluice.alert_channels (kind, url, created_by) values ('webhook', ${url}, 'sql')`;
    }
    await sql`select * from sluice.raise_alert('rolled_back', 'by-hand', 'x', '{}', false, null)`;
    expect(await access().deliver()).toMatchObject({ delivered: 0 });
    expect(target.seen.hits).toBe(0);
    const told = await sql<{ error: string | null; delivered: boolean }[]>`
      select last_error as error, delivered_at is not null as delivered from sluice.outbox`;
    expect(told.length).toBe(urls.length);
    for (const { error, delivered } of told) {
      expect(delivered).toBe(false);
      expectDecent(String(error), urls.join(' '));
    }
    await sql`delete from sluice.outbox`;
    await sql`delete from sluice.alert_channels`;
    await target.close();
  });

  it('follows no redirect', async () => {
    const target = await receiver(() => ({ status: 200 }));
    for (const status of [301, 302, 303, 307, 308]) {
      const hop = await receiver(() => ({ status, location: target.url }));
      const notifier = webhookNotifier({ allowPrivate: true, publicUrl: null, now: Date.now });
      expect(await notifier.deliver(channel(hop.url), message)).toMatchObject({ ok: false });
      expect([hop.seen.hits, target.seen.hits]).toEqual([1, 0]);
      await notifier.close();
      await hop.close();
    }
    await target.close();
  });

  it.each(['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00:ec2::254'])(
    'goes to no public name that resolves to %s at the socket',
    async (address) => {
      const target = await receiver(() => ({ status: 200 }));
      const family = address.includes(':') ? 6 : 4;
      const notifier = webhookNotifier({
        ...{ allowPrivate: false, publicUrl: null, now: Date.now },
        resolve: (_name, _options, callback) => callback(null, [{ address, family }]),
      });
      const url = `https://rebound.example.com:${target.port}/hook`;
      const outcome = await notifier.deliver(channel(url), message);
      expect(outcome).toMatchObject({ ok: false, error: expect.stringMatching(/not a public address/) });
      expect(target.seen.hits).toBe(0);
      await notifier.close();
      await target.close();
    },
  );
});
