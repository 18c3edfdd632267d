import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseLength } from '@/lib/http/body/read-body';
import { peerHeader, peerValue } from '@/lib/http/defence/addresses';
import { closedPolicy, everywhere, strictTransport } from '@/lib/http/defence/security-headers';
import { isHttps, remoteOf } from './exchange';

export type NextHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

interface Passed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly trustedHops: number;
  readonly nextLimitBytes: number;
  /** Where images may come from besides https; left out: from nowhere. */
  readonly imageOrigins?: (() => readonly string[]) | undefined;
}

/** Hands a request to Next with what only the door knows: who calls, under which id, and the page's nonce. */
export async function passToNext(next: NextHandler, passed: Passed): Promise<void> {
  const { request, response, requestId } = passed;
  refuseLength(request.headers['content-length'] ?? null, passed.nextLimitBytes);
  request.headers['x-request-id'] = requestId;
  const remote = remoteOf(request, passed.trustedHops);
  request.headers['x-forwarded-for'] = remote ?? '';
  request.headers[peerHeader] = peerValue(remote);
  const url = request.url ?? '/';
  // There are no Server Actions; Next would log the name that a stranger gives one.
  delete request.headers['next-action'];
  // Nor is a nonce theirs to give.
  delete request.headers['x-nonce'];
  for (const [name, value] of everywhere) response.setHeader(name, value);
  if (isHttps(request)) response.setHeader(...strictTransport);
  if (isRoute(url) || url.startsWith('/_next/')) response.setHeader('content-security-policy', closedPolicy);
  else protectPage(request, response, passed.imageOrigins?.() ?? []);
  await next(request, response);
}

/** What route handlers answer; everything else is a page, a file, or nothing. */
export function isRoute(url: string): boolean {
  return /^\/(?:api|v1|fal|metrics)(?:[/?]|$)/.test(url);
}

/** Next puts the nonce of the request's policy on its own scripts; the page puts it on its theme script. */
function protectPage(request: IncomingMessage, response: ServerResponse, imageOrigins: readonly string[]): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    ["img-src 'self' data: blob: https:", ...imageOrigins].join(' '),
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  request.headers['x-nonce'] = nonce;
  request.headers['content-security-policy'] = policy;
  response.setHeader('content-security-policy', policy);
}
