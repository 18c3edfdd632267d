import { promises as dns } from 'node:dns';
import { Agent, type Dispatcher } from 'undici';
import { checkedLookup, type Resolve } from '@/lib/kernel/checked-lookup';
import { bareHost, isPublicAddress } from '@/lib/kernel/private-address';
import { webhookUrlFault } from './webhook-url';

const largestAnswer = 16 * 1024;
/** What one receiver is sent at once. */
export const atOncePerReceiver = 4;

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Posted = { readonly status: number; readonly body: string } | { readonly error: string };

export interface PosterOptions {
  /** Only for tests and closed networks: SLUICE_ALLOW_PRIVATE_WEBHOOKS. */
  readonly allowPrivate: boolean;
  readonly resolve?: Resolve | undefined;
}

export interface WebhookPoster {
  /** Why nothing can be sent to this address; null when it can. Resolves names, so it may take a moment. */
  addressFault(url: string): Promise<string | null>;
  /** Follows no redirect and never throws; the address is judged again, name and socket. */
  post(request: WebhookRequest, withinMs: number): Promise<Posted>;
  close(): Promise<void>;
}

export function webhookPoster({ allowPrivate, resolve }: PosterOptions): WebhookPoster {
  const agent = new Agent({
    connect: { lookup: checkedLookup(allowPrivate, resolve) as never, timeout: 10_000 },
    connections: atOncePerReceiver,
    keepAliveTimeout: 1000,
  });
  return {
    async addressFault(url) {
      const fault = webhookUrlFault(url, allowPrivate);
      return fault ?? (allowPrivate ? null : resolvedFault(new URL(url).hostname));
    },
    async post(request, withinMs) {
      const fault = webhookUrlFault(request.url, allowPrivate);
      if (fault !== null) return { error: fault };
      try {
        return await send(agent, request, AbortSignal.timeout(withinMs));
      } catch (error) {
        return { error: sentenceOf(error, withinMs) };
      }
    },
    close: () => agent.destroy(),
  };
}

async function send(agent: Agent, { url, headers, body }: WebhookRequest, signal: AbortSignal): Promise<Posted> {
  const { origin, pathname, search } = new URL(url);
  const answer = await agent.request({
    ...{ origin, path: `${pathname}${search}`, method: 'POST', body, signal },
    headers: { ...headers, 'user-agent': 'Sluice' },
  });
  return { status: answer.statusCode, body: await capped(answer.body) };
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
    const addresses = await dns.lookup(bareHost(hostname), { all: true });
    const bad = addresses.find(({ address }) => !isPublicAddress(address));
    return bad ? `${hostname} resolves to ${bad.address}, which is not a public address` : null;
  } catch (error) {
    return `${hostname} does not resolve (${(error as NodeJS.ErrnoException).code ?? 'DNS error'})`;
  }
}

/** The address may hold a token, so only host-free words of the error are kept. */
function sentenceOf(error: unknown, withinMs: number): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError' || error.name === 'ConnectTimeoutError') return `no answer within ${withinMs} ms`;
  const code = (error as NodeJS.ErrnoException).code;
  return code && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
