import { parseAs } from '@/lib/gateway/providers/outcome';
import type { ProbeResult } from '@/lib/gateway/providers/provider';
import type { Deadline } from '@/lib/kernel/deadline';
import { brokenFault } from '../outcome';
import { jsonHeaders, type Upstream, type UpstreamAnswer } from '../upstream';
import { falPrices } from './answer';
import { falFault } from './error';

const freshMs = 10 * 60_000;
const refreshMs = 5000;
/** A price that is not listed, or that FAL did not say, is not asked for with every call. */
const againMs = 30_000;

/**
 * Unit prices, learnt beside the request path: from each probe, and in the background when a call finds its price
 * missing or old. A call never waits for one.
 */
export class FalPricing {
  private readonly prices = new Map<string, { readonly usd: number; readonly atMs: number }>();
  private readonly askedAtMs = new Map<string, number>();

  constructor(
    private readonly upstream: Upstream,
    private readonly key: string,
  ) {}

  /** The last known price; a stale one is better than none while its successor is on the way. */
  unitPriceUsd(endpoint: string): number | null {
    const known = this.prices.get(endpoint);
    const nowMs = performance.now();
    if (!known || nowMs - known.atMs > freshMs) this.refresh(endpoint, nowMs);
    return known?.usd ?? null;
  }

  /** Asks for a price with the key: proves the key at no cost. */
  async ask(endpoint: string, deadline: Deadline): Promise<ProbeResult> {
    const answer = await this.upstream.call(
      {
        method: 'GET',
        path: `/v1/models/pricing?endpoint_id=${encodeURIComponent(endpoint)}`,
        headers: { ...jsonHeaders, authorization: `Key ${this.key}` },
        body: null,
      },
      deadline,
    );
    const { latencyMs } = answer;
    const fault = this.faultOf(answer);
    if (fault) return { ok: false, latencyMs, error: fault.message, errorKind: fault.errorKind };
    const known = answer.kind === 'answer' ? parseAs(falPrices, answer.text) : null;
    if (!known) {
      return { ok: false, latencyMs, error: 'the pricing answer is not of the agreed shape', errorKind: 'malformed' };
    }
    for (const price of known.prices) {
      if (price.currency === 'USD')
        this.prices.set(price.endpoint_id, { usd: price.unit_price, atMs: performance.now() });
    }
    return { ok: true, latencyMs, error: null };
  }

  private faultOf(answer: UpstreamAnswer) {
    if (answer.kind === 'broken') return brokenFault(answer);
    return answer.status === 200 ? null : falFault(answer, this.key);
  }

  private refresh(endpoint: string, nowMs: number): void {
    if (nowMs - (this.askedAtMs.get(endpoint) ?? Number.NEGATIVE_INFINITY) < againMs) return;
    this.askedAtMs.set(endpoint, nowMs);
    void this.ask(endpoint, AbortSignal.timeout(refreshMs));
  }
}
