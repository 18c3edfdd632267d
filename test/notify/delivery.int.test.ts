import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelKind } from '@/lib/api/alerts';
import type { AlertMessage } from '@/lib/notify/outbox';
import { webhookNotifier } from '@/lib/notify/webhook-notifier';

const message: AlertMessage = {
  id: 'msg_1',
  kind: 'test',
  atMs: 0,
  detail: 'hello',
  split: 'GEN_PROVIDER_WEIGHTS',
  alertId: null,
  journalId: null,
  params: {},
};

const servers: Server[] = [];
const notifiers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const notifier of notifiers.splice(0)) await notifier.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function receiver(answer: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => answer(request, response, body));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

type Resolve = Parameters<typeof webhookNotifier>[0]['resolve'];

// Long for what should answer: on a busy machine nothing answers soon.
function notifier(allowPrivate = true, resolve?: Resolve, deadlineMs = 10_000) {
  const made = webhookNotifier({ allowPrivate, publicUrl: null, deadlineMs, now: () => 0, resolve });
  notifiers.push(made);
  return made;
}

const to = (port: number, kind: ChannelKind = 'webhook') => ({ kind, url: `http://127.0.0.1:${port}/x`, secret: null });

describe('delivery over real HTTP', () => {
  it('posts the message and takes 2xx for delivered', async () => {
    const seen: string[] = [];
    const port = await receiver((request, response, body) => {
      seen.push(`${request.method} ${request.headers['webhook-id']} ${JSON.parse(body).type}`);
      response.writeHead(204).end();
    });
    expect(await notifier().deliver(to(port), message)).toEqual({ ok: true });
    expect(seen).toEqual(['POST msg_1 sluice.test']);
  });

  it('follows no redirect', async () => {
    let followed = 0;
    const inside = await receiver((_request, response) => {
      followed += 1;
      response.end();
    });
    const port = await receiver((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${inside}/` }).end(),
    );
    expect(await notifier().deliver(to(port), message)).toEqual({
      ok: false,
      error: 'answered 302: redirects are not followed',
    });
    expect(followed).toBe(0);
  });

  it.each([
    ['feishu', '{"code":0,"msg":"success"}', true],
    ['feishu', '{"code":19021,"msg":"sign match fail"}', false],
    ['dingtalk', '{"errcode":0}', true],
    ['dingtalk', '{"errcode":310000,"errmsg":"sign not match"}', false],
    ['wecom', '{"errcode":45009}', false],
    ['wecom', '<html>', false],
  ] as const)('reads the truth of %s in the body: %s', async (kind, body, ok) => {
    const port = await receiver((_request, response) => response.end(body));
    expect((await notifier().deliver(to(port, kind), message)).ok).toBe(ok);
  });

  it('ends at its deadline when the receiver hangs or drips', async () => {
    const hang = await receiver(() => {});
    const drip = await receiver((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    });
    const expected = { ok: false, error: 'no answer within 400 ms' };
    expect(await notifier(true, undefined, 400).deliver(to(hang), message)).toEqual(expected);
    expect(await notifier(true, undefined, 400).deliver(to(drip), message)).toEqual(expected);
  });

  it('stops reading an endless answer', async () => {
    const port = await receiver((_request, response) => {
      response.writeHead(200);
      response.write('x'.repeat(5_000_000));
    });
    expect(await notifier().deliver(to(port), message)).toEqual({ ok: true });
  });

  it('does not reach a private address, by literal or by a name that turns private after the check', async () => {
    let reached = 0;
    const port = await receiver((_request, response) => {
      reached += 1;
      response.end();
    });
    const rebinding = notifier(false, (_name, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]),
    );
    const byName = { kind: 'webhook' as const, url: `https://hooks.example.com:${port}/`, secret: null };
    expect(await rebinding.deliver(byName, message)).toEqual({
      ok: false,
      error: 'hooks.example.com resolves to 127.0.0.1, which is not a public address',
    });
    expect((await notifier(false).deliver(to(port), message)).ok).toBe(false);
    expect(reached).toBe(0);
  });

  it('says what kept it from the receiver', async () => {
    const outcome = await notifier().deliver(to(1), message);
    expect(outcome).toMatchObject({ ok: false, error: expect.stringContaining('ECONNREFUSED') });
  });
});
