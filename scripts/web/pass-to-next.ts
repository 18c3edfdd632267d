import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { peerHeader, peerValue } from '@/lib/http/peer';
import { refuseLength } from '@/lib/http/read-body';
import type { NextHandler } from './front';
import { remoteOf } from './front-incoming';

interface Passed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly trustedHops: number;
  readonly nextLimitBytes: number;
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
  if (!url.startsWith('/api/') && !url.startsWith('/_next/')) protectPage(request, response);
  response.setHeader('x-content-type-options', 'nosniff');
  await next(request, response);
}

/** Next puts the nonce of the request's policy on its own scripts; the page puts it on its theme script. */
function protectPage(request: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
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
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('x-frame-options', 'DENY');
}
