import { promises as dns } from 'node:dns';
import { Agent, type Dispatcher } from 'undici';
import { checkedLookup, type Resolve } from '@/lib/kernel/checked-lookup';
import { isPublicAddress } from '@/lib/kernel/private-address';
import { judgeAnswer } from './answer';
import { wireRequest } from './formats';
import type { AlertChannel, AlertMessage, DeliveryOutcome, Notifier } from './outbox';
import { webhookUrlFault } from './webhook-url';

const largestAnswer = 16 * 1024;

interface NotifierOptions {
  /** Only for tests and closed networks: SLUICE_ALLOW_PRIVATE_WEBHOOKS. */
  readonly allowPrivate: boolean;
  readonly publicUrl: string | null;
  readonly deadlineMs?: number;
  readonly resolve?: Resolve;
  readonly now: () => number;
}

export function webhookNotifier(options: NotifierOptions): Notifier & { close(): Promise<void> } {
  const { allowPrivate, deadlineMs = 10_000 } = options;
  const agent = new Agent({
    connect: { lookup: checkedLookup(allowPrivate, options.resolve) as never, timeout: deadlineMs },
    connections: 4,
    keepAliveTimeout: 1000,
  });
  return {
    async addressFault(url) {
      const fault = webhookUrlFault(url, allowPrivate);
      return fault ?? (allowPrivate ? null : resolvedFault(new URL(url).hostname));
    },
    async deliver(channel, message) {
      const fault = webhookUrlFault(channel.url, allowPrivate);
      if (fault !== null) return { ok: false, error: fault };
      try {
        return await send(agent, channel, message, options, AbortSignal.timeout(deadlineMs));
      } catch (error) {
        return { ok: false, error: sentenceOf(error, deadlineMs) };
      }
    },
    close: () => agent.destroy(),
  };
}

async function send(
  agent: Dispatcher,
  channel: Pick<AlertChannel, 'kind' | 'url' | 'secret'>,
  message: AlertMessage,
  options: NotifierOptions,
  signal: AbortSignal,
): Promise<DeliveryOutcome> {
  const { url, headers, body } = wireRequest(channel, message, options.publicUrl, options.now());
  const target = new URL(url);
  const answer = await agent.request({
    origin: target.origin,
    path: `${target.pathname}${target.search}`,
    method: 'POST',
    headers: { ...headers, 'user-agent': 'Sluice' },
    body,
    signal,
  });
  return judgeAnswer(channel.kind, answer.statusCode, await capped(answer.body));
}

async function capped(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    parts.push(part);
    if (size > largestAnswer) break;
  }
  return Buffer.concat(parts).toString('utf8').slice(0, largestAnswer);
}

async function resolvedFault(hostname: string): Promise<string | null> {
  try {
    const addresses = await dns.lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    const bad = addresses.find(({ address }) => !isPublicAddress(address));
    return bad ? `${hostname} resolves to ${bad.address}, which is not a public address` : null;
  } catch (error) {
    return `${hostname} does not resolve (${(error as NodeJS.ErrnoException).code ?? 'DNS error'})`;
  }
}

/** The address may hold a token, so only host-free words of the error are kept. */
function sentenceOf(error: unknown, deadlineMs: number): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.name === 'ConnectTimeoutError') return `no answer within ${deadlineMs} ms`;
  const code = (error as NodeJS.ErrnoException).code;
  return code && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
