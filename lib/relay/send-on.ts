import type { ImageRequest } from '@/lib/gateway/models/image-request';
import type { Tellable } from '@/lib/gateway/models/models';
import { failure } from '@/lib/gateway/providers/outcome';
import type { ProviderResult, Streams } from '@/lib/gateway/providers/provider';
import type { AnswerSink, StreamCall } from '@/lib/gateway/providers/relay/stream-call';
import type { Generated } from '@/lib/gateway/request/ending';
import { carryOut } from '@/lib/gateway/request/generate';
import type { GenerateParts, RoutedSplit, Sending } from '@/lib/gateway/request/generate-parts';
import type { AttemptFacts } from '@/lib/gateway/request/record-attempt';
import type { LiveSplit } from '@/lib/gateway/weights/live-split';
import type { Deadline } from '@/lib/kernel/deadline';
import { anyArm } from './any-arm';
import type { CallerAnswer } from './caller-answer';
import type { CallerBody } from './caller-body';
import type { Target } from './canonical-path';
import { requestHeaders } from './header-rules';

/** A request as it came to a prefix. */
export interface Incoming {
  readonly method: string;
  readonly target: Target;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
  readonly body: CallerBody | null;
  readonly answer: CallerAnswer;
  readonly requestId: string;
  readonly caller: string;
  /** A key that its caller chose for it, as the provider is told it. */
  readonly scope: (key: string) => string;
}

const noHeaders: ReadonlySet<string> = new Set();

/** A request like every other: drawn, sent by a lane, written down. What is sent is what came. */
export function sendOn(gateway: GenerateParts, split: LiveSplit, incoming: Incoming): Promise<Generated> {
  const model = split.slug;
  const request: ImageRequest = { prompt: null, n: 1, requestId: incoming.requestId, caller: incoming.caller };
  const parts = patient(gateway, split);
  const sending = new SendingOn(incoming, model, parts);
  return carryOut(parts, sending, routed(split, anyArm(model)), request, null, { kind: 'drawn' });
}

export function routed(split: LiveSplit, models: Tellable): RoutedSplit {
  const { slug, routing, arms, events } = split;
  return { slug, routing, arms, events, models, count: (arm) => split.count(arm) };
}

const patients = new WeakMap<GenerateParts, Map<number, GenerateParts>>();

/** With the deadlines of the relay. */
export function patient(gateway: GenerateParts, split: LiveSplit): GenerateParts {
  const withinMs = longestOf(gateway, split);
  const known = patients.get(gateway) ?? new Map<number, GenerateParts>();
  if (known.size === 0) patients.set(gateway, known);
  const made = known.get(withinMs) ?? { ...gateway, attemptWithinMs: withinMs, requestWithinMs: withinMs };
  if (!known.has(withinMs)) known.set(withinMs, made);
  return made;
}

/** The deadline of the request is that of its slowest arm; each arm has its own within it. */
function longestOf({ lanes }: GenerateParts, { arms }: LiveSplit): number {
  let longest = 1000;
  for (const { provider } of arms.values()) {
    longest = Math.max(longest, lanes.get(provider)?.provider.streams?.options.timeoutMs ?? 0);
  }
  return longest;
}

/** Where an answer goes, and whether it is read on its way. */
export interface Into {
  readonly answer: AnswerSink;
  readonly isRead: boolean;
}

/** What came, as it is sent to one provider. */
export function callOf(incoming: Incoming, { options }: Streams, { answer, isRead }: Into, model: string): StreamCall {
  const { method, target, rawHeaders, body, scope } = incoming;
  const pass = options.pass.length === 0 ? noHeaders : new Set(options.pass);
  const headers = requestHeaders(rawHeaders, { pass, hasBody: body !== null, isRead, scope });
  return { method, ...target, headers, body, answer, model };
}

export class SendingOn implements Sending {
  constructor(
    private readonly incoming: Incoming,
    private readonly model: string,
    private readonly parts: Pick<GenerateParts, 'startDeadline' | 'requestWithinMs'>,
  ) {}

  send(...sent: Parameters<Sending['send']>): Promise<ProviderResult> {
    return this.sendInto({ answer: this.incoming.answer, isRead: false }, ...sent);
  }

  sendInto(into: Into, ...[lane, , deadline, facts]: Parameters<Sending['send']>): Promise<ProviderResult> {
    const { streams, name } = lane.provider;
    if (!streams) return Promise.resolve(this.noRelay(name));
    const { timeoutMs } = streams.options;
    this.incoming.answer.marks = this.marksOf(facts);
    const call = callOf(this.incoming, streams, into, this.model);
    if (timeoutMs >= this.parts.requestWithinMs) return streams.stream(call, deadline);
    const own = this.parts.startDeadline(timeoutMs);
    return streams.stream(call, earlier(own.signal, deadline)).finally(() => own.clear());
  }

  private marksOf({ arm, routing: { version } }: AttemptFacts): readonly string[] {
    const marks = ['x-request-id', this.incoming.requestId, 'x-sluice-split', this.model, 'x-sluice-arm', arm.name];
    if (version !== null) marks.push('x-sluice-version', String(version));
    return marks;
  }

  /** The registry changed while it was under way. */
  private noRelay(provider: string): ProviderResult {
    const facts = { provider, model: this.model, latencyMs: 0, providerRequestId: null };
    const message = `${provider} is no relay any more`;
    return failure(facts, { errorKind: 'connect', message, httpStatus: null, started: 'no' });
  }
}

/** Ends when the first of the two does. */
function earlier(own: Deadline, whole: Deadline): Deadline {
  return {
    get aborted() {
      return own.aborted || whole.aborted;
    },
    get isCut() {
      return whole.isCut === true;
    },
    addEventListener(type, listener) {
      own.addEventListener(type, listener);
      whole.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      own.removeEventListener(type, listener);
      whole.removeEventListener(type, listener);
    },
  };
}
