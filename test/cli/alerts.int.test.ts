import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database';
import { type Receiver, startReceiver } from '../support/receiver';
import { sluiceLines } from '../support/sluice-line';

const sluiceLine = sluiceLines();

let database: TestDatabase;
let receiver: Receiver;
beforeAll(async () => {
  [database, receiver] = await Promise.all([testDatabase(), startReceiver()]);
});
afterAll(async () => {
  await receiver.close();
  await database.close();
});

const alerts = (...args: string[]) =>
  sluiceLine(['alerts', ...args], {
    databaseUrl: database.url,
    env: { SLUICE_ALLOW_PRIVATE_WEBHOOKS: '1' },
  });

describe('sluice alerts', () => {
  it('adds a channel, lists it without its secrets, tests it and removes it', async () => {
    expect((await alerts('list')).stdout).toContain('No channel: alerts go nowhere.');
    const added = await alerts('add', 'webhook', `${receiver.url}?token=hidden`, '--secret', 'a-long-secret', '--json');
    expect(added).toMatchObject({ code: 0 });
    const { id } = JSON.parse(added.stdout) as { id: number };
    const { stdout } = await alerts('list', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      channels: [{ id, kind: 'webhook', signed: true }],
      waiting: 0,
      dead: 0,
    });
    expect(stdout).not.toMatch(/hidden|a-long-secret/);
    expect(await alerts('set', String(id), '--name', 'on call', '--only', 'rolled_back,blind', '--yes')).toMatchObject({
      code: 0,
    });
    await database.sql`select * from sluice.raise_alert('blind', 'k', 'no events arrive', '{}', false, null)`;
    expect((await alerts('list')).stdout).toMatch(/on call +\| webhook .* signed +\| rolled_back, blind +\| never/);
    expect((await alerts('sent')).stdout).toMatch(/blind +\| on call +\| waits/);
    expect(await alerts('test', String(id))).toMatchObject({ code: 0, stdout: `Channel ${id} took the message.\n` });
    expect(receiver.letters).toHaveLength(1);
    expect(receiver.letters[0]?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(receiver.letters[0]?.body).toContain('Nothing is wrong');
    receiver.status = 410;
    const refused = await alerts('test', String(id));
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('410');
    expect(await alerts('remove', String(id), '--yes')).toMatchObject({ code: 0 });
    expect((await alerts('test', String(id))).stderr).toContain(`There is no alert channel ${id}`);
  });

  it.each([
    [['mend'], 2],
    [['add', 'slack', 'https://hooks.slack.com/x', '--secret', 'a-long-secret'], 1],
  ])('%j exits with %i and says why', async (args, code) => {
    const ran = await alerts(...(args as string[]));
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(/^sluice /);
  });
});
