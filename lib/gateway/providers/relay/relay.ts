import { Pool } from 'undici';
import type { Deadline } from '@/lib/kernel/deadline';
import { connector } from '../connector';
import { failure } from '../outcome';
import type { ProbeResult, Provider, ProviderResult, Streams } from '../provider';
import { Resolver } from '../resolver';
import type { ProviderSettings } from '../settings';
import { unconfigured } from '../unconfigured';
import { notConfigured } from '../unserved';
import { openUpstream } from '../upstream';
import { relayAuthorization, relayKeyFault } from './authorization/authorization';
import type { RelayAuthorization } from './authorization/credentials';
import { Exchange } from './exchange';
import { type RelayOptions, relayOptions } from './options';
import { probeRelay } from './probe';
import type { StreamBody, StreamCall } from './stream-call';

const connectWithinMs = 10_000;
/** What is signed is held whole. */
const mostSigned = 16 * 1024 * 1024;
export const callerTooSlow = 'the caller did not send its body in time';
export const roomFull = 'this process holds as many bytes of large requests as it may, and the body was not read';

/** A vendor's whole API, sent on as it comes. */
export function createRelay(settings: ProviderSettings): Provider {
  const { name = 'relay', baseUrl, pathPrefix = '' } = settings;
  const options = settings.relay ?? relayOptions({});
  const fault = faultOf(settings, options);
  const unable = (model: string, whyNot: string) => Promise.resolve(notConfigured(name, model, whyNot));
  if (typeof options === 'string' || fault !== null) {
    return unconfigured(name, fault ?? String(options));
  }
  const relay = new Relay({ ...settings, name, baseUrl, pathPrefix }, options);
  return {
    ...{ name, configured: true, whyNot: null, streams: relay },
    generate: ({ model }) =>
      unable(model.id, `${name} is a relay: it makes no images, and is sent what comes to a prefix`),
    probe: (deadline) => relay.probe(deadline),
    close: () => relay.close(),
  };
}

function faultOf({ name = 'relay', key, whyNot }: ProviderSettings, options: RelayOptions | string): string | null {
  if (typeof options === 'string') return `${name} is not configured: ${options}`;
  if (options.auth.scheme === 'none') return null;
  if (key === null) return whyNot ?? `${name} has no key`;
  const fault = relayKeyFault(key, options.auth);
  return fault === null ? null : `${name} is not configured: ${fault}`;
}

class Relay implements Streams {
  private readonly pool: Pool;
  private readonly resolver: Resolver;
  private readonly authorization: RelayAuthorization;
  private readonly host: string;
  private readonly fixed: readonly string[];
  private readonly usual: readonly (readonly [name: string, value: string])[];
  /** How the key was refused when it was used last; it is good again when a probe or a request was let in with it. */
  private refused: string | null = null;

  constructor(
    private readonly settings: ProviderSettings & { readonly name: string; readonly pathPrefix: string },
    readonly options: RelayOptions,
  ) {
    const { baseUrl, key, witnesses, ca } = settings;
    this.resolver = new Resolver(witnesses);
    this.pool = new Pool(baseUrl, {
      // How many may run at once is for the lane to say.
      ...{ connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 },
      connect: connector({ timeout: connectWithinMs, lookup: this.resolver.lookup as never, ...(ca ? { ca } : {}) }),
    });
    this.authorization = relayAuthorization(key ?? '', options.auth);
    this.host = new URL(baseUrl).host;
    const isOthers = (name: string) => name === this.authorization.header || Object.hasOwn(options.headers, name);
    this.usual = Object.entries(options.usual).filter(([name]) => !isOthers(name));
    this.fixed = ['user-agent', 'sluice', ...Object.entries(options.headers).flat()];
  }

  stream(call: StreamCall, deadline: Deadline): Promise<ProviderResult> {
    const { body } = call;
    if (body !== null && this.authorization.signsBody) return this.sendSigned(call, body, deadline);
    return this.send(call, body?.atOnce() ?? null, deadline);
  }

  private async sendSigned(call: StreamCall, whole: StreamBody, deadline: Deadline): Promise<ProviderResult> {
    const body = await wholeBy(deadline, whole, () => call.answer.ready()).catch(() => undefined);
    if (body === 'full') return this.unsent(call, 'queue_timeout', roomFull);
    if (body === 'late') {
      whole.discard();
      return this.unsent(call, 'cut', deadline.isCut ? 'this process had to end' : callerTooSlow);
    }
    if (body === undefined) return this.unsent(call, 'cut', 'the caller hung up while its request was being sent');
    if (body !== null) return this.send(call, body, deadline);
    const most = `${mostSigned / 1024 / 1024} MB`;
    return this.unsent(call, 'rejected', `nothing was sent: a body that is signed may have at most ${most}`);
  }

  private send(call: StreamCall, held: Uint8Array | null, deadline: Deadline): Promise<ProviderResult> {
    const { name, baseUrl, pathPrefix } = this.settings;
    const path = pathPrefix + call.path;
    const contentType = headerOf(call.headers, 'content-type');
    const unsigned = { method: call.method, host: this.host, path, search: call.search, contentType, body: held };
    const { search, headers } = this.authorization.credentials(unsigned);
    return new Promise((resolve) => {
      const settle = (result: ProviderResult) => {
        this.learn(result);
        resolve(result);
      };
      const { resolver, authorization } = this;
      const { unkeyed } = authorization;
      const parts = { provider: name, origin: baseUrl, pathPrefix, resolver, deadline, call, unkeyed, settle };
      const exchange = new Exchange(parts);
      if (exchange.isOver) return;
      try {
        this.pool.dispatch(
          {
            method: call.method as 'GET',
            path: path + search,
            headers: this.own(call.headers, headers),
            body: held ?? (call.body === null ? null : (call.body.chunks() as never)),
          },
          exchange,
        );
      } catch (error) {
        exchange.onResponseError(undefined, error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  private learn(result: ProviderResult): void {
    if (!result.ok && result.errorKind === 'auth') {
      this.authorization.forget();
      this.refused = result.message;
    } else if (result.ok || result.isPassed) this.refused = null;
  }

  /** What the operator says of a header goes over what the caller said, and the key's header is the key's. */
  private own(passed: readonly string[], credentials: readonly string[]): string[] {
    const { headers } = this.options;
    const headerOfKey = this.authorization.header;
    const own: string[] = [];
    for (let at = 0; at < passed.length; at += 2) {
      const name = passed[at] as string;
      if (name !== headerOfKey && !Object.hasOwn(headers, name)) own.push(name, passed[at + 1] as string);
    }
    for (const [name, value] of this.usual) if (headerOf(passed, name) === null) own.push(name, value);
    own.push(...this.fixed, ...credentials);
    return own;
  }

  private unsent(call: StreamCall, errorKind: 'cut' | 'queue_timeout' | 'rejected', message: string): ProviderResult {
    const facts = { provider: this.settings.name, model: call.model, latencyMs: 0, providerRequestId: null };
    return { ...failure(facts, { errorKind, message, httpStatus: null, started: 'no' }), isSpent: true };
  }

  async probe(deadline: Deadline): Promise<ProbeResult> {
    const { host, options, authorization } = this;
    const { baseUrl, pathPrefix, witnesses, ca, question = null } = this.settings;
    const upstream = openUpstream(baseUrl, { witnesses, ca });
    try {
      const result = await probeRelay({ upstream, pathPrefix, host, options, question, authorization }, deadline);
      if (result.seen?.key === 'taken') this.refused = null;
      if (this.refused === null) return result;
      return { ...result, ok: false, error: this.refused, errorKind: 'auth' };
    } finally {
      await upstream.close();
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}

/** All of a body, unless there is no room for it, or its sender takes longer than there is. */
async function wholeBy(
  deadline: Deadline,
  body: StreamBody,
  ready: () => void,
): Promise<Uint8Array | null | 'late' | 'full'> {
  let end: () => void = () => undefined;
  const late = new Promise<'late'>((resolve) => {
    end = () => resolve('late');
  });
  deadline.addEventListener('abort', end);
  if (deadline.aborted) end();
  const arrived = async () => {
    if (!(await body.hasRoom(mostSigned))) return 'full';
    if (deadline.aborted) return 'late';
    ready();
    return body.whole(mostSigned);
  };
  try {
    return await Promise.race([late, arrived()]);
  } finally {
    deadline.removeEventListener('abort', end);
  }
}

function headerOf(headers: readonly string[], name: string): string | null {
  for (let at = 0; at < headers.length; at += 2) if (headers[at] === name) return headers[at + 1] ?? null;
  return null;
}
