import type { Deadline } from '@/lib/kernel/deadline';
import { brokenFault } from '../outcome';
import type { RelayAnswer, RelayCall } from '../provider';
import { unreadable } from '../unreadable';
import type { Upstream } from '../upstream';
import { falFault } from './error';

/** An answer may hold its images as data. */
const longestAnswer = 16 * 1024 * 1024;

/** A call in FAL's own words: its bytes go and come as they are. */
export async function relayTo(
  upstream: Upstream,
  key: string,
  { path, method = 'POST', headers, body }: RelayCall,
  deadline: Deadline,
): Promise<RelayAnswer> {
  const own = { 'accept-encoding': 'identity', 'user-agent': 'sluice', authorization: `Key ${key}` };
  const sent = { ...headers, ...own };
  const answer = await upstream.call({ method, path, headers: sent, body, bytes: longestAnswer }, deadline);
  const { latencyMs } = answer;
  if (answer.kind === 'broken') {
    const { errorKind, message, started } = brokenFault(answer);
    return { latencyMs, status: null, headers: {}, body: null, started, errorKind, message };
  }
  const bytes = answer.bytes ?? Buffer.from(answer.text);
  const { status } = answer;
  const whole = { latencyMs, status, headers: answer.headers, body: bytes };
  const text = bytes.subarray(0, 65_536).toString('utf8');
  const page = unreadable({ ...answer, text });
  if (page.errorKind === 'intercepted') {
    const { errorKind, started } = page;
    return { ...whole, errorKind, started, message: `HTTP ${status} with a web page instead of an answer` };
  }
  if (status < 400) return { ...whole, started: 'yes', errorKind: null, message: '' };
  const { errorKind, message, started } = falFault({ ...answer, text }, key);
  return { ...whole, started, errorKind, message };
}
