import { z } from 'zod';
import type { Deadline } from '@/lib/kernel/deadline';
import type { VendorRequest } from '../../models/compile-model';
import { listPriceUsd } from '../../models/list-price';
import { type JobCost, unknownCost } from '../job-calls';
import { brokenFault, header, parseAs } from '../outcome';
import type { ProbeResult } from '../provider';
import { type Answered, jsonHeaders, type Upstream, type UpstreamAnswer } from '../upstream';
import { falFault } from './error';

/** What FAL says that it bills; null: nothing, or no number. */
export function billableUnits({ headers }: Answered): number | null {
  const units = Number(header(headers['x-fal-billable-units']) ?? Number.NaN);
  return units >= 0 && units < 1e6 ? units : null;
}

/** Units of the answer's header times the price of one; null where either is not known. */
export function billed(answer: Answered, unitPriceUsd: number | null): JobCost | null {
  const units = billableUnits(answer);
  if (units === null || unitPriceUsd === null) return null;
  return { costUsd: units * unitPriceUsd, costBasis: 'units_x_price' };
}

/** What some images cost, of which the body of an answer says nothing: as billed, else by the price list. */
export function costOf(
  answer: Answered,
  unitPriceUsd: number | null,
  { model, request }: VendorRequest,
  count: number,
): JobCost {
  const bill = billed(answer, unitPriceUsd);
  if (bill !== null) return bill;
  const listed = listPriceUsd(model, request, count);
  return listed === null ? unknownCost : { costUsd: listed, costBasis: 'price_list' };
}

const falPrices = z.object({
  prices: z.array(
    z.object({ endpoint_id: z.string(), unit_price: z.number().nonnegative(), unit: z.string(), currency: z.string() }),
  ),
});

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
