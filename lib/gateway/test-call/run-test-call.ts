import type { ProviderTestView } from '@/lib/api/splits-view';
import type { Deadline } from '@/lib/kernel/deadline';
import type { Provider } from '../providers/provider';
import type { TestCallPlan } from './plan-test-call';

type Came = Pick<ProviderTestView, 'ok' | 'latency_ms' | 'cost_usd' | 'error_kind' | 'error'>;

/** The provider itself is called: past lanes, breakers and events, so that no sample and no red line knows of it. */
export async function runTestCall(provider: Provider, plan: TestCallPlan, deadline: Deadline): Promise<Came> {
  if (plan.kind === 'question') {
    const { ok, latencyMs, error, errorKind } = await provider.probe(deadline);
    const told = ok ? null : (error ?? 'it did not say why');
    return { ok, latency_ms: rounded(latencyMs), cost_usd: 0, error: told, error_kind: errorKind ?? null };
  }
  const result = await provider.generate(plan.request, deadline);
  const came = { latency_ms: rounded(result.latencyMs), cost_usd: result.costUsd };
  if (result.ok) return { ok: true, ...came, error: null, error_kind: null };
  return { ok: false, ...came, error: result.message.slice(0, 300), error_kind: result.errorKind };
}

const rounded = (ms: number) => Math.round(ms * 10) / 10;

/** For the journal: nothing of what was answered but how it went. */
export function outcomeWords(came: Came & Pick<ProviderTestView, 'asked'>): string {
  const { asked, ok, latency_ms, cost_usd, error_kind } = came;
  const what = asked.kind === 'image' ? `${asked.model} at ${asked.size}` : 'a question that costs nothing';
  const cost = cost_usd === null ? 'cost unknown' : `$${cost_usd}`;
  return `${what}, ${ok ? 'ok' : `failed (${error_kind ?? 'unknown'})`} after ${Math.round(latency_ms)} ms, ${cost}`;
}
