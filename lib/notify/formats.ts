import { createHmac } from 'node:crypto';
import type { ChannelKind } from '@/lib/api/alerts';
import { shownText } from '@/lib/kernel/plain-text';
import type { AlertChannel, AlertMessage } from './outbox';
import type { WebhookRequest } from './post-webhook';
import { signedHeaders } from './standard-webhooks';
import { type Wording, wordingOf } from './wording';

interface Letter {
  readonly channel: Pick<AlertChannel, 'kind' | 'url' | 'secret'>;
  readonly message: AlertMessage;
  readonly words: Wording;
  readonly nowMs: number;
}

/** The request each kind of receiver understands. */
export function wireRequest(
  channel: Letter['channel'],
  message: AlertMessage,
  publicUrl: string | null,
  nowMs: number,
): WebhookRequest {
  const shown = { ...message, detail: shownText(message.detail) };
  const letter = { channel, message: shown, words: wordingOf(message, publicUrl), nowMs };
  const { url, headers, body } = formats[channel.kind](letter);
  return { url, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

const formats: Readonly<Record<ChannelKind, (letter: Letter) => WebhookRequest>> = {
  webhook: ({ channel, message, words, nowMs }) => {
    const { kind, split, alertId, journalId, params, detail } = message;
    const data = { split, detail, alert_id: alertId, journal_id: journalId, link: words.link, params };
    const body = JSON.stringify({
      type: `sluice.${kind}`,
      timestamp: new Date(message.atMs).toISOString(),
      data,
    });
    return { url: channel.url, headers: signedHeaders(secretsOf(channel), message.id, nowMs, body), body };
  },

  slack: ({ channel, words }) => {
    const text = `*${slackText(words.title)}*\n${slackText(words.detail)}${words.link ? `\n<${words.link}|Open in Sluice>` : ''}`;
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text } }];
    return plain(channel.url, { text: `${slackText(words.title)}: ${slackText(words.detail)}`, blocks });
  },

  feishu: ({ channel, words, nowMs }) => {
    const timestamp = String(Math.floor(nowMs / 1000));
    const signed = channel.secret === null ? {} : { timestamp, sign: hmac(`${timestamp}\n${channel.secret}`, '') };
    const line = [{ tag: 'text', text: words.detail }];
    const link = words.link ? [[{ tag: 'a', text: 'Open in Sluice', href: words.link }]] : [];
    const post = { en_us: { title: words.title, content: [line, ...link] } };
    return plain(channel.url, { ...signed, msg_type: 'post', content: { post } });
  },

  dingtalk: ({ channel, words, nowMs }) => {
    const url = new URL(channel.url);
    if (channel.secret !== null) {
      url.searchParams.set('timestamp', String(nowMs));
      url.searchParams.set('sign', hmac(channel.secret, `${nowMs}\n${channel.secret}`));
    }
    const markdown = { title: words.title, text: markdownOf(words) };
    return plain(url.toString(), { msgtype: 'markdown', markdown });
  },

  wecom: ({ channel, words }) => plain(channel.url, { msgtype: 'markdown', markdown: { content: markdownOf(words) } }),
};

function secretsOf({ secret }: Letter['channel']): readonly string[] {
  return secret === null ? [] : [secret];
}

function plain(url: string, body: unknown): WebhookRequest {
  return { url, headers: {}, body: JSON.stringify(body) };
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}

// A reason is free text: it must not become a mention or a link.
function slackText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function markdownOf({ title, detail, link }: Wording): string {
  const safe = (text: string) => text.replace(/[[\]<>`*_#\\]/g, '\\$&');
  return `### ${safe(title)}\n\n${safe(detail)}${link ? `\n\n[Open in Sluice](${link})` : ''}`;
}
