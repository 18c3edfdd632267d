import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAlertChannel, removeAlertChannel, shownChannels } from '@/lib/notify/alert-channels';
import { type Access, openAccessAt } from '@/lib/process/build-access';
import { type TestDatabase, testDatabase } from '../support/database';

let database: TestDatabase;
let strict: Access;
let closedNetwork: Access;
const received: { headers: Record<string, unknown>; body: { type: string; data: { link: string; detail: string } } }[] =
  [];
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part) => {
    text += part;
  });
  request.on('end', () => {
    received.push({ headers: request.headers, body: JSON.parse(text) });
    response.end('{}');
  });
});
let url: string;

beforeAll(async () => {
  database = await testDatabase();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret-in-url`;
  const settings = { supabaseUrl: null, supabaseKey: null, publicUrl: 'https://sluice.example.com' };
  strict = openAccessAt(database.url, { ...settings, allowPrivateWebhooks: false });
  closedNetwork = openAccessAt(database.url, { ...settings, allowPrivateWebhooks: true });
});
afterAll(async () => {
  await strict.close();
  await closedNetwork.close();
  await new Promise((done) => server.close(done));
  await database.close();
});

const add = (access: Access, kind: string, to: string, secret: string | null = null) =>
  addAlertChannel(access.channels, { kind, url: to, secret }, 'operator:ann');

describe('alert channels', () => {
  it.each([
    ['pigeon', 'https://example.com/', null, 'not a kind of channel'],
    ['webhook', 'http://example.com/', null, 'must start with https://'],
    ['webhook', 'https://169.254.169.254/', null, 'not a public address'],
    ['webhook', 'https://does-not-exist.invalid/', null, 'local name'],
    ['slack', 'https://8.8.8.8/', 'a-long-secret', 'takes no secret'],
    ['webhook', 'https://8.8.8.8/', 'short', '8 to 200'],
  ])('refuse %s %s', async (kind, to, secret, sentence) => {
    await expect(add(strict, kind, to, secret)).rejects.toThrow(sentence);
  });

  it('carry an alert from the transaction that raised it to the receiver, signed, with its permalink, once', async () => {
    const id = await add(closedNetwork, 'webhook', url, 'a-long-secret');
    await database.sql`select * from sluice.raise_alert('rolled_back', 'k', 'failure_rate 6 % > 2 %', '{}', false, 42)`;
    expect(await closedNetwork.deliver()).toEqual({ delivered: 1, retried: 0, dead: 0 });
    expect(await closedNetwork.deliver()).toEqual({ delivered: 0, retried: 0, dead: 0 });
    expect(received).toHaveLength(1);
    expect(received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(received[0]?.body).toMatchObject({
      type: 'sluice.rolled_back',
      data: { link: 'https://sluice.example.com/journal/42', detail: 'failure_rate 6 % > 2 %' },
    });
    const shown = await shownChannels(closedNetwork.channels);
    expect(shown).toMatchObject([{ delivered_at: expect.any(String), waiting: 0, last_error: null }]);
    expect(JSON.stringify(shown)).not.toMatch(/secret-in-url|a-long-secret/);
    // The next finds its way barred, and is said to wait and why, until one gets through.
    await database.sql`select * from sluice.raise_alert('silent', 'k2', 'the watchdog is silent', '{}', false, 43)`;
    expect(await strict.deliver()).toEqual({ delivered: 0, retried: 1, dead: 0 });
    expect(await shownChannels(closedNetwork.channels)).toMatchObject([
      { delivered_at: shown[0]?.delivered_at, waiting: 1, last_error: expect.stringContaining('https') },
    ]);
    await removeAlertChannel(closedNetwork.channels, id, 'operator:ann');
  });

  it('say what became of a test message', async () => {
    const id = await add(closedNetwork, 'webhook', url);
    expect(await closedNetwork.testChannel(id, 'operator:ann')).toEqual({ ok: true });
    // The same row, delivered by a process that does not allow private addresses.
    expect(await strict.testChannel(id, 'operator:ann')).toMatchObject({ ok: false });
    await expect(strict.testChannel(id + 1, 'operator:ann')).rejects.toThrow('no alert channel');
    await removeAlertChannel(strict.channels, id, 'operator:ann');
  });
});
