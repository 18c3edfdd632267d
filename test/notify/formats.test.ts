import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChannelKind } from '@/lib/api/alerts';
import { wireRequest } from '@/lib/notify/formats';
import type { AlertMessage } from '@/lib/notify/outbox';

const message: AlertMessage = {
  id: 'msg_7_2',
  kind: 'rolled_back',
  atMs: Date.UTC(2026, 10, 21, 3, 0, 0),
  detail: 'failure_rate 6.1 % > 2 % for 5 min <!channel> [x](http://evil)',
  split: 'GEN_PROVIDER_WEIGHTS',
  alertId: 7,
  journalId: 42,
  params: { metric: 'failure_rate' },
};
const nowMs = Date.UTC(2026, 10, 21, 3, 0, 5);
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64');
const request = (kind: ChannelKind, secret: string | null = null, url = 'https://hooks.example.com/x?token=1') =>
  wireRequest({ kind, url, secret }, message, 'https://sluice.example.com', nowMs);

describe('what each receiver is sent', () => {
  it('signs the generic webhook as Standard Webhooks', () => {
    const { headers, body } = request('webhook', `whsec_${Buffer.from('a key of ours').toString('base64')}`);
    expect(headers).toMatchObject({ 'webhook-id': 'msg_7_2', 'webhook-timestamp': String(nowMs / 1000) });
    expect(headers['webhook-signature']).toBe(
      `v1,${hmac(Buffer.from('a key of ours'), `msg_7_2.${nowMs / 1000}.${body}`)}`,
    );
    expect(JSON.parse(body)).toMatchObject({
      type: 'sluice.rolled_back',
      timestamp: '2026-11-21T03:00:00.000Z',
      data: { journal_id: 42, link: 'https://sluice.example.com/journal/42', params: { metric: 'failure_rate' } },
    });
  });

  it('agrees with the test vector of the Standard Webhooks libraries', () => {
    const signed = createHmac('sha256', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'))
      .update('msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}')
      .digest('base64');
    expect(signed).toBe('g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('lets nobody mention a channel through Slack', () => {
    const body = JSON.parse(request('slack').body);
    expect(body.blocks[0].text.text).toContain('&lt;!channel&gt;');
    expect(body.blocks[0].text.text).toContain('<https://sluice.example.com/journal/42|Open in Sluice>');
  });

  it('signs Feishu by timestamp and secret as the key', () => {
    const body = JSON.parse(request('feishu', 's3').body);
    expect(body).toMatchObject({ msg_type: 'post', timestamp: String(nowMs / 1000) });
    expect(body.sign).toBe(hmac(`${nowMs / 1000}\ns3`, ''));
    expect(body.content.post.en_us.content[1][0].href).toBe('https://sluice.example.com/journal/42');
  });

  it('signs DingTalk in the query, beside its token', () => {
    const url = new URL(request('dingtalk', 's3').url);
    expect(url.searchParams.get('token')).toBe('1');
    expect(url.searchParams.get('timestamp')).toBe(String(nowMs));
    expect(url.searchParams.get('sign')).toBe(hmac('s3', `${nowMs}\ns3`));
  });

  it('keeps WeCom within its markdown and free of planted links', () => {
    const { content } = JSON.parse(request('wecom').body).markdown;
    expect(content).toContain('\\[x\\](http://evil)');
    expect(content).toContain('[Open in Sluice](https://sluice.example.com/journal/42)');
    expect(Buffer.byteLength(content)).toBeLessThan(4096);
  });

  it('leaves the link out where the public address is not known', () => {
    const { body } = wireRequest({ kind: 'webhook', url: 'https://a.b/', secret: null }, message, null, nowMs);
    expect(JSON.parse(body).data.link).toBeNull();
  });
});
