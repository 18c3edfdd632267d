import type { LogOfRequests } from '@/lib/config/log-of-requests';
import type { ProviderResult } from '@/lib/gateway/providers/provider';
import type { Generated } from '@/lib/gateway/request/ending';
import { type RelayedLine, relayedMessage } from '@/lib/relay/operate/relayed-line';
import type { Understood } from '@/lib/relay/pass-on';
import type { Incoming } from '@/lib/relay/send-on';
import type { Asked } from '@/lib/relay/stream-to';

/** One line for each request that may have done something: who, which arm, what came of it; never a key or a body. */
export function sayDrawn(lines: LogOfRequests, incoming: Incoming, generated: Generated): void {
  const { split, arm, latencyMs, ending } = generated;
  const isDone = ending.kind === 'done';
  const id = isDone ? ending.result.providerRequestId : undefined;
  say(lines, incoming, {
    split,
    arm: arm.name,
    provider: arm.provider,
    latencyMs,
    id,
    outcome: isDone ? undefined : ending.kind,
  });
}

/** The same of what was put to one provider without a draw; polls are as many as callers like, and none of them. */
export function sayAsked(
  lines: LogOfRequests,
  split: string,
  incoming: Incoming,
  { meaning }: Understood,
  { result, problem }: Asked,
): void {
  const isJob = meaning.kind === 'job';
  if (isJob && (meaning.rule.does === 'status' || meaning.rule.does === 'result')) return;
  const { provider, latencyMs } = result;
  const arm = incoming.answer.marked('x-sluice-arm') ?? '';
  const id = isJob && !meaning.rule.makes ? meaning.ids[0] : idOf(result);
  say(lines, incoming, { split, arm, provider, latencyMs, id, outcome: problem?.code });
}

const idOf = (result: ProviderResult) => (result.ok ? result.providerRequestId : undefined);

type Said = Pick<RelayedLine, 'split' | 'arm' | 'provider' | 'id' | 'outcome'> & { readonly latencyMs: number };

function say(lines: LogOfRequests, incoming: Incoming, { latencyMs, id, outcome, ...where }: Said): void {
  const { method, target, requestId, caller, body, answer } = incoming;
  if (method === 'GET' || method === 'HEAD' || !lines.isLevelEnabled('info')) return;
  const line: RelayedLine = {
    request_id: requestId,
    caller,
    ...where,
    method,
    path: target.path,
    status: answer.status,
    bytes_in: body?.bytes ?? 0,
    bytes_out: answer.bytes,
    ms: Math.round(latencyMs),
    id,
    outcome,
  };
  lines.info(line, relayedMessage);
}
