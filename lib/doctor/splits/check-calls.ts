import { type CallsSay, callsSay, liveSeconds } from '@/lib/split/live-calls';
import { type Finding, ok, problem, warning } from '../checks/finding';
import type { RolloutFacts } from '../diagnosis';
import type { ProviderCalls } from './call-facts';

const how = "counted the last five minutes' calls of arms with a share, or where they are rare the last hour's";

/** A probe that is answered knows nothing of calls. */
export function checkCalls({ calls }: Pick<RolloutFacts, 'calls'>): readonly Finding[] {
  const found = calls.map((each) => ({ each, say: callsSay(each) }));
  const well = found.filter(({ say }) => say === 'well').map(({ each }) => `${countOf(each)} ${spanOf(each)}`);
  return [
    ...(well.length === 0 ? [] : [ok('calls', well.join('; '), how)]),
    ...found.flatMap(({ each, say }) => findingOf(each, say)),
  ];
}

const countOf = ({ provider, requests, failures }: ProviderCalls) => `${failures} of ${requests} to ${provider} failed`;
const spanOf = ({ seconds }: ProviderCalls) => (seconds === liveSeconds ? 'in the last hour' : 'in the last 5 minutes');

function findingOf(calls: ProviderCalls, say: CallsSay): Finding[] {
  const { provider, requests, failures } = calls;
  const count = `${spanOf(calls)} ${countOf(calls)}`;
  const fix = `see what it answers on the page of requests; roll back if ${provider} is the candidate`;
  if (say === 'none' || say === 'many') return [problem('calls', `${count}, whatever its probe says`, how, fix)];
  if (say === 'some') return [warning('calls', count, how, fix)];
  if (say !== 'few') return [];
  const few = `not enough calls to ${provider} to say: ${requests - failures} of ${requests} succeeded ${spanOf(calls)}`;
  return [warning('calls', few, how, 'send it a test call, or wait for more')];
}
