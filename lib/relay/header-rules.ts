import type { Unkeyed } from '@/lib/gateway/providers/relay/stream-call';
import { Problem } from '@/lib/http/problem';
import { blamed } from './refusal';

/** What becomes of the headers of a relay, on their way there and back: one table, and nothing beside it. */
interface HeaderRule {
  readonly on: 'request' | 'answer';
  /** In small letters; `x-*` is whatever begins so. */
  readonly names: readonly string[];
  /** `ours`: another value of ours stands in its place. `scope`: it passes, told apart from other callers'. */
  readonly does: 'drop' | 'pass' | 'ours' | 'rename' | 'scope';
  readonly why: string;
}

const hopByHop = [
  ...['connection', 'keep-alive', 'proxy-*', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'],
];

export const headerRules: readonly HeaderRule[] = [
  { on: 'request', names: hopByHop, does: 'drop', why: 'speaks of this connection only' },
  { on: 'request', names: ['expect'], does: 'drop', why: 'is answered here' },
  { on: 'request', names: ['host'], does: 'ours', why: 'names the provider' },
  {
    ...({ on: 'request', names: ['authorization', 'x-api-key', 'cookie'], does: 'drop' } as const),
    why: 'is the key of the caller to us',
  },
  {
    on: 'request',
    names: ['x-forwarded-*', 'forwarded', 'via', 'cf-*', 'x-real-ip', 'true-client-ip'],
    does: 'drop',
    why: 'says who the caller is',
  },
  { on: 'request', names: ['x-sluice-*'], does: 'drop', why: 'is said to us' },
  { on: 'request', names: ['user-agent'], does: 'ours', why: 'some fronts turn away callers without a name' },
  { on: 'request', names: ['content-length'], does: 'pass', why: 'the body is sent as it comes' },
  {
    on: 'request',
    names: ['content-type', 'content-encoding', 'content-language', 'content-md5', 'digest', 'content-digest'],
    does: 'pass',
    why: 'says what the body is',
  },
  {
    on: 'request',
    names: ['accept', 'accept-language', 'accept-encoding', 'range', 'if-*', 'cache-control', 'prefer'],
    does: 'pass',
    why: 'says which answer is wanted',
  },
  {
    ...({ on: 'request', names: ['idempotency-key', 'x-idempotency-key'], does: 'scope' } as const),
    why: 'keeps the provider from doing it twice, and from giving one caller what it did for another',
  },

  { on: 'answer', names: hopByHop, does: 'drop', why: 'speaks of that connection only' },
  {
    on: 'answer',
    names: ['set-cookie', 'set-cookie2', 'clear-site-data', 'service-worker-allowed', 'www-authenticate', 'refresh'],
    does: 'drop',
    why: 'would act on our origin in a browser',
  },
  {
    on: 'answer',
    names: ['x-accel-redirect', 'x-sendfile', 'x-lighttpd-send-file', 'x-lighttpd-sendfile', 'x-reproxy-url'],
    does: 'drop',
    why: 'would have the proxy before us send something else',
  },
  {
    on: 'answer',
    names: [
      ...['server', 'x-powered-by', 'via', 'alt-svc', 'strict-transport-security', 'nel', 'report-to'],
      'reporting-endpoints',
    ],
    does: 'drop',
    why: 'speaks of the host of the provider',
  },
  { on: 'answer', names: ['access-control-*'], does: 'drop', why: 'who may read us from a page is ours to say' },
  {
    on: 'answer',
    names: [
      ...['content-security-policy', 'content-security-policy-report-only', 'x-frame-options', 'referrer-policy'],
      ...['x-content-type-options', 'cross-origin-*', 'permissions-policy'],
    ],
    does: 'ours',
    why: 'nothing of it may run on our origin in a browser',
  },
  { on: 'answer', names: ['x-sluice-*'], does: 'ours', why: 'is said by us alone' },
  { on: 'answer', names: ['x-request-id'], does: 'rename', why: 'ours stands there' },
  {
    on: 'answer',
    names: ['x-ratelimit-*', 'x-rate-limit-*', 'ratelimit-*', 'ratelimit', 'anthropic-ratelimit-*'],
    does: 'rename',
    why: 'speaks of our account, and not of the caller',
  },
  { on: 'answer', names: ['location'], does: 'ours', why: 'what leads to the provider leads there through us' },
];

type Does = HeaderRule['does'];

const mostLearnt = 1000;
const longestLearnt = 64;

/** The rules of one side, found by name. */
class Side {
  private readonly exact = new Map<string, Does>();
  private readonly starts: (readonly [string, Does])[] = [];
  /** Names that were seen and stand in no rule themselves. */
  private readonly others = new Map<string, Does | 'nothing'>();

  constructor(on: HeaderRule['on']) {
    for (const rule of headerRules) {
      if (rule.on !== on) continue;
      for (const name of rule.names) {
        if (name.endsWith('*')) this.starts.push([name.slice(0, -1), rule.does]);
        else this.exact.set(name, rule.does);
      }
    }
  }

  of(name: string): Does | undefined {
    const known = this.exact.get(name) ?? this.others.get(name);
    if (known !== undefined) return known === 'nothing' ? undefined : known;
    const does = this.starts.find(([start]) => name.startsWith(start))?.[1];
    if (this.others.size < mostLearnt && name.length <= longestLearnt) this.others.set(name, does ?? 'nothing');
    return does;
  }
}

const onRequest = new Side('request');
const onAnswer = new Side('answer');

interface OnRequest {
  /** What else passes, in small letters. */
  readonly pass: ReadonlySet<string>;
  /** Without a body no header about one is sent. */
  readonly hasBody: boolean;
  /** The answer will be read here, so it must come uncompressed. */
  readonly isRead: boolean;
  /** A key that a caller chose, as it is told apart from others'. */
  readonly scope: (key: string) => string;
}

/** Names and values by turns, as they were sent. */
export function requestHeaders(raw: readonly string[], { pass, hasBody, isRead, scope }: OnRequest): string[] {
  const named = namedBy(raw);
  const sent: string[] = [];
  const scoped = new Set<string>();
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const does = onRequest.of(name);
    if (does === undefined ? !pass.has(name) : does !== 'pass' && does !== 'scope') continue;
    if (named?.has(name)) continue;
    if (!hasBody && (name.startsWith('content-') || name === 'digest')) continue;
    if (isRead && name === 'accept-encoding') continue;
    const value = raw[at + 1] as string;
    if (does !== 'scope') sent.push(name, value);
    // An empty one is no key, and the same one twice is sent once.
    else if (value.trim() !== '' && !scoped.has(name)) {
      scoped.add(name);
      sent.push(name, scope(value));
    }
  }
  if (isRead) sent.push('accept-encoding', 'identity');
  return sent;
}

/** As long as the names of keys that callers choose: nearly no request has a header of such a name. */
const lengthsOfKeys = new Set(headerRules.flatMap(({ does, names }) => (does === 'scope' ? names : [])).map(lengthOf));

function lengthOf({ length }: string): number {
  return length;
}

/** The key that a caller chose, as far as it is passed on; null: it chose none. */
export function chosenKey(raw: readonly string[]): string | null {
  const chosen = new Set<string>();
  let named: ReadonlySet<string> | null | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const written = raw[at] as string;
    if (!lengthsOfKeys.has(written.length)) continue;
    const name = written.toLowerCase();
    const value = raw[at + 1] as string;
    if (onRequest.of(name) !== 'scope' || value.trim() === '') continue;
    named ??= namedBy(raw);
    if (!named?.has(name)) chosen.add(value);
  }
  const [key = null, other] = chosen;
  if (other === undefined) return key;
  const detail =
    'Its headers Idempotency-Key and X-Idempotency-Key say two keys, and the provider might go by either; choose one. Nothing was sent.';
  throw blamed(new Problem(400, 'unclear-request', detail), 'caller');
}

interface OnAnswer {
  readonly status: number;
  /** Where a `location` leads from now on; null: it is left out. */
  readonly locate: (location: string) => string | null;
  /** Headers that would show our key do not pass as they are. */
  readonly unkeyed?: Unkeyed | undefined;
}

/** Names and values by turns, as they came. */
export function answerHeaders(raw: readonly string[], { status, locate, unkeyed }: OnAnswer): string[] {
  const named = namedBy(raw);
  const passed: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const written = raw[at] as string;
    const value = raw[at + 1] as string;
    const name = written.toLowerCase();
    const does = onAnswer.of(name);
    if (named?.has(name)) continue;
    const clean = unkeyed ? unkeyed(value) : value;
    if (clean === null || (clean !== value && name !== 'location')) continue;
    if (name === 'content-length' && (status === 204 || status < 200)) continue;
    if (does === undefined) passed.push(written, value);
    else if (does === 'rename') passed.push(`x-upstream-${name.replace(/^x-/, '')}`, value);
    else if (name === 'location') {
      const location = locate(clean);
      if (location !== null) passed.push(written, location);
    }
  }
  return passed;
}

/** What `connection` names is the connection's as well, however many headers say so. */
function namedBy(raw: readonly string[]): ReadonlySet<string> | null {
  let named: Set<string> | null = null;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    for (const each of (raw[at + 1] as string).toLowerCase().split(',')) {
      const other = each.trim();
      if (!ofItself.has(other)) named = (named ?? new Set()).add(other);
    }
  }
  return named;
}

/** `connection` may not take away the length of a body, nor what it is. */
const ofItself: ReadonlySet<string> = new Set([
  ...['', 'keep-alive', 'close', 'content-length', 'content-type', 'content-encoding'],
]);
