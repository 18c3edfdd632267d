import type { Head, Outgoing } from '@/lib/http/message';

/** Its clients send again whatever ends in 408, 409, 429 or 5xx, three times in all, and no header stops them. */
const resender = /\bai-sdk\//;
const resent = (status: number) => status === 408 || status === 409 || status === 429 || status >= 500;

/** As OpenAI's clients are told it, or FAL's. */
const isOnce = ({ headers }: Outgoing) =>
  headers['x-should-retry'] === 'false' || headers['x-fal-request-timeout-type'] === 'user';

/**
 * What may have been made already is made, and billed, again where its caller's client sends it again by itself. Where
 * only another status keeps a client from that, it gets one; `x-sluice-status` says which it would have been.
 */
export function keptFromResending(head: Pick<Head, 'header'>, answer: Outgoing): Outgoing {
  if (!isOnce(answer) || !resent(answer.status)) return answer;
  if (!resender.test(head.header('user-agent') ?? '')) return answer;
  return { ...answer, status: 424, headers: { ...answer.headers, 'x-sluice-status': String(answer.status) } };
}
