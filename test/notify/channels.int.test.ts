import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAlertChannel,
  changeAlertChannel,
  removeAlertChannel,
  shownChannels,
  shownDeliveries,
} from '@/lib/notify/alert-channels';
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
  addAlertChannel(access.channels, { kind, url: to, secret, name: null, alerts: null }, 'operator:ann');

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

  it('have names, take only what they are for, and say which took what', async () => {
    const { channels } = closedNetwork;
    const wanted = { kind: 'webhook', url, secret: null };
    const ids = [
      await addAlertChannel(
        channels,
        { ...wanted, name: ' on call ', alerts: ['blind', 'rolled_back'] },
        'operator:ann',
      ),
      await addAlertChannel(channels, { ...wanted, name: 'news', alerts: ['changed'] }, 'operator:ann'),
    ];
    const [, news = 0] = ids;
    for (const [change, sentence] of [
      [{ name: 'On Call', alerts: null }, `channel ${ids[0]} is called "On Call" already`],
      [{ name: null, alerts: ['rolledback'] }, '"rolledback" is no kind of alert; known are rolled_back'],
      [{ name: null, alerts: [] }, 'would be told nothing'],
      [{ name: 'x'.repeat(65), alerts: null }, 'at most 64'],
    ] as const)
      await expect(changeAlertChannel(channels, news, change, 'operator:ann')).rejects.toThrow(sentence);
    const raise = (kind: string) =>
      database.sql`select * from sluice.raise_alert(${kind}, ${kind}, ${`${kind} it is`}, '{}', false, null)`;
    await raise('rolled_back');
    await raise('early_warning');
    await changeAlertChannel(channels, news, { name: 'news', alerts: null }, 'operator:bob');
    await raise('blind');
    await closedNetwork.deliver();
    const sent = (await shownDeliveries(channels)).map(({ channel, kind, delivered_at }) => [
      channel,
      kind,
      delivered_at,
    ]);
    expect(sent).toEqual([
      [ids[1], 'blind', expect.any(String)],
      [ids[0], 'blind', expect.any(String)],
      [ids[0], 'rolled_back', expect.any(String)],
    ]);
    const [change] = await database.sql`
      select j.actor, j.was, j.becomes from sluice.journal j where j.verb = 'channel_change' order by j.id desc limit 1`;
    expect(change).toMatchObject({ actor: 'operator:bob', was: expect.stringContaining('"news", webhook') });
    expect(change?.was).toContain(', for changed');
    expect(change?.becomes).not.toContain(', for ');
    for (const id of ids) await removeAlertChannel(channels, id, 'operator:ann');
  });
});
