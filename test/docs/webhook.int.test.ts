import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookNotifier } from '@/lib/notify/webhook-notifier';
import { eventually } from '../support/eventually';
import { freePort } from '../support/postgrest';

// The receiver that docs/alerts.md prints, run as it stands there, and what Sluice really sends.
const receiver = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/alerts.md', 'utf8'))?.[1] ?? '';
const secret = `whsec_${randomBytes(24).toString('base64')}`;
const message = {
  id: 'msg_7_2',
  kind: 'rolled_back' as const,
  atMs: Date.now(),
  detail: 'failure_rate 6.1 % > 2 %',
  split: 'GEN_PROVIDER_WEIGHTS',
  alertId: 7,
  journalId: 42,
  params: { metric: 'failure_rate' },
};
let child: ChildProcess;
let url: string;
let printed = '';

beforeAll(async () => {
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret };
  child = spawn(process.execPath, ['--input-type=module', '-e', receiver], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.on('data', (data) => {
    printed += data;
  });
  const status = () =>
    fetch(url, { method: 'POST' }).then(
      (answer) => answer.status,
      () => null,
    );
  await eventually(status, (said) => said === 401, 20_000);
});
afterAll(() => {
  child.kill();
});

const deliver = async (withSecret: string | null, now: () => number = Date.now) => {
  const notifier = webhookNotifier({ allowPrivate: true, publicUrl: 'https://sluice.example.com', now });
  const channel = {
    id: 1,
    kind: 'webhook' as const,
    url,
    secret: withSecret,
    enabled: true,
    createdAtMs: 0,
    createdBy: 't',
  };
  try {
    return await notifier.deliver(channel, message);
  } finally {
    await notifier.close();
  }
};

it('takes what the channel signed, and reads it', async () => {
  expect(await deliver(secret)).toMatchObject({ ok: true });
  await eventually(
    () => printed,
    (said) => said.includes('failure_rate 6.1 % > 2 %'),
    20_000,
  );
});

it('refuses what is unsigned, signed by another secret, or old', async () => {
  for (const answer of [
    await deliver(null),
    await deliver(`whsec_${randomBytes(24).toString('base64')}`),
    await deliver(secret, () => Date.now() - 3_600_000),
  ]) {
    expect(answer).toMatchObject({ ok: false, error: expect.stringContaining('401') });
  }
});
