import type { Deadline } from '@/lib/kernel/deadline';
import type { ProbeResult } from '../provider';
import type { Upstream } from '../upstream';

/**
 * Where a dialect has no question that costs nothing, only that somebody answers is known without real traffic: whether
 * our key is good, the next request tells.
 */
export async function probeOrigin(upstream: Upstream, pathPrefix: string, deadline: Deadline): Promise<ProbeResult> {
  const headers = { 'user-agent': 'sluice', 'accept-encoding': 'identity' };
  const call = { method: 'GET', path: `${pathPrefix}/`, headers, body: null, bytes: 64 * 1024 } as const;
  const answer = await upstream.call(call, deadline);
  const { latencyMs } = answer;
  const isThere = answer.kind === 'answer' || answer.status !== null;
  if (isThere) return { ok: true, latencyMs, error: null };
  return { ok: false, latencyMs, error: answer.message, errorKind: answer.errorKind };
}
