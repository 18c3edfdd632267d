import type { ProviderFailure, ProviderResult, Streams } from '@/lib/gateway/providers/provider';
import { roomFull } from '@/lib/gateway/providers/relay/relay';
import type { GenerateParts } from '@/lib/gateway/request/generate-parts';
import { Problem } from '@/lib/http/problem';
import { blamed } from './refusal';
import { callOf, type Incoming, type Into } from './send-on';

/** A provider that is asked without a draw. */
interface StreamPlace {
  readonly gateway: Pick<GenerateParts, 'startDeadline' | 'calls'>;
  readonly streams: Streams | undefined;
  readonly name: string;
  readonly model: string;
  /** Held open while it is asked. */
  readonly use?: { running: number } | undefined;
}

/** Sends what came to one provider, outside every sample. */
export async function streamTo(place: StreamPlace, incoming: Incoming, into: Into): Promise<ProviderResult> {
  const { gateway, streams, model, name, use } = place;
  if (!streams) {
    throw blamed(new Problem(503, 'no-relay', `${name} is no relay any more. Nothing was sent.`), 'provider');
  }
  const deadline = gateway.startDeadline(streams.options.timeoutMs);
  gateway.calls.begin(deadline);
  if (use) use.running += 1;
  try {
    return await streams.stream(callOf(incoming, streams, into, model), deadline.signal);
  } finally {
    if (use) use.running -= 1;
    gateway.calls.end(deadline);
  }
}

/** What came of asking one provider, and why there is no answer; null: it went to the caller, whatever it says. */
export interface Asked {
  readonly result: ProviderResult;
  readonly problem: Problem | null;
}

/** Of what may be asked again without harm. */
export function asked(result: ProviderResult): Asked {
  if (result.ok || result.isPassed) return { result, problem: null };
  const { provider, message, errorKind } = result;
  if (errorKind !== 'auth') return { result, problem: unansweredProblem(result) };
  return { result, problem: blamed(new Problem(502, 'provider-auth', keyRefused(provider, message)), 'key') };
}

export const keyRefused = (provider: string, message: string): string =>
  `${provider} refuses our key (${message}), which is no fault of yours: whoever runs this service has to mend it.`;

/** Why a question got no answer; it may be put again. */
export function unansweredProblem(result: ProviderResult): Problem {
  const { provider } = result;
  const headers = { 'retry-after': '2' };
  if (!result.ok && result.message === roomFull) {
    const detail = `Nothing was sent to ${provider}: ${roomFull}. Try again in 5 s.`;
    return blamed(new Problem(503, 'requests-full', detail, { headers: { 'retry-after': '5' } }), 'provider');
  }
  if (!result.ok && result.started === 'no') {
    const detail = `${provider} was not reached (${result.errorKind}): ${result.message}. Nothing was sent; ask again.`;
    return blamed(new Problem(502, 'provider-unreached', detail, { headers }), 'provider');
  }
  const detail = result.ok
    ? `The answer of ${provider} did not get through. Ask again.`
    : `${provider} gave no whole answer (${result.errorKind}): ${result.message}. Ask again.`;
  return blamed(new Problem(502, 'provider-unanswered', detail, { headers }), 'upstream');
}

/** Why a request that makes something got no answer: whether it was made is not known, and sending it again might make two. */
export function unknownProblem({ provider, message }: ProviderFailure): Problem {
  const detail =
    `${provider} was sent the request, and no whole answer came back: ${message}. What it made of it is not known, ` +
    'so it is not sent again.';
  return blamed(
    new Problem(504, 'provider-outcome-unknown', detail, { headers: { 'x-should-retry': 'false' } }),
    'upstream',
  );
}
