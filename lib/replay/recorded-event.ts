import { firstSplit } from '@/lib/split/split-key';
import { begunFor, type JobEnd, jobEnd } from './recorded-job';
import { numberWithin, wordOf } from './recorded-values';

/** What the red lines read of one row of `analytics_logs`; the same rows and values that the database's buckets count. */
type RecordedEvent =
  | {
      readonly kind: 'attempt';
      readonly provider: string;
      readonly isFailure: boolean;
      readonly latencyMs: number | null;
      readonly costNano: number | null;
      /** Null where it is no key: too long, no text, or with control characters. */
      readonly priceKey: string | null;
      readonly userHash: string | null;
      /** Of the create of a job that was accepted, how long it took. */
      readonly begunForMs?: number;
    }
  | JobEnd
  | { readonly kind: 'generated'; readonly provider: string; readonly requestId: string | null }
  /** `isSaid`: it names the split; else it is that of its request. */
  | { readonly kind: 'voucher'; readonly provider: string; readonly requestId: string | null; readonly isSaid: boolean }
  /** What another split generated, whose vouchers need not say so. */
  | { readonly kind: 'elsewhere'; readonly requestId: string };

type Data = Readonly<Record<string, unknown>>;

/**
 * null for rows that move no metric: retries, pinned ones, other vouchers, other splits' and other services' events, and
 * rows of browsers' roles. What is called provider is the arm.
 */
export function recordedEvent(
  eventType: unknown,
  data: Data,
  isRegistered: (provider: string) => boolean,
  split: string = firstSplit,
): RecordedEvent | null {
  if (data.inserted_as === 'anon' || data.inserted_as === 'authenticated') return null;
  const provider = armOf(eventType, data, isRegistered);
  const requestId = data.request_id === undefined || data.request_id === null ? null : String(data.request_id);
  const own = splitOf(eventType, data);
  switch (eventType) {
    case 'gen_route':
    case 'split_route':
      return own === split && isFirstAttempt(data.attempt) && data.pinned !== true
        ? attemptOf(eventType, provider, data)
        : null;
    case 'split_failed':
      return own === split ? jobEnd(eventType, provider, requestId, data, isRegistered) : null;
    case 'gen_ok':
    case 'split_ok':
      if (own === split && eventType === 'split_ok' && data.phase === 'end')
        return jobEnd(eventType, provider, requestId, data, isRegistered);
      if (own === split) return { kind: 'generated', provider, requestId };
      return requestId === null ? null : { kind: 'elsewhere', requestId };
    case 'voucher_issued': {
      const isSaid = own === split;
      const isOurs = isSaid || (own === null && (split === firstSplit || requestId !== null));
      return isOurs && data.reason === 'regenerate' ? { kind: 'voucher', provider, requestId, isSaid } : null;
    }
    default:
      return null;
  }
}

/** Whose event it says it is; null where only its request can tell. */
function splitOf(eventType: unknown, { split }: Data): unknown {
  return eventType === 'gen_route' || eventType === 'gen_ok' ? firstSplit : (split ?? null);
}

/** In the first split an absent arm is the provider. */
function armOf(eventType: unknown, { arm, provider }: Data, isRegistered: (name: string) => boolean): string {
  const isOther = eventType === 'split_route' || eventType === 'split_ok' || eventType === 'split_failed';
  const names = isOther ? [arm] : [arm, provider];
  return names.find((name): name is string => typeof name === 'string' && isRegistered(name)) ?? '';
}

/** An attempt that is no whole number from 1 to 1000 is moved to `invalid`, and a row without one is a first attempt. */
function isFirstAttempt(attempt: unknown): boolean {
  const isNumber = typeof attempt === 'number' && attempt >= 1 && attempt <= 1000;
  return !isNumber || attempt === 1;
}

function attemptOf(eventType: 'gen_route' | 'split_route', provider: string, data: Data): RecordedEvent {
  // What a job costs is known at its end.
  const isCreate = eventType === 'split_route' && Object.hasOwn(data, 'phase');
  const cost = isCreate ? null : numberWithin(data.cost_per_image, 1000);
  return {
    kind: 'attempt',
    provider,
    isFailure: data.error !== undefined && data.error !== null,
    latencyMs: numberWithin(data.latency_ms, 3_600_000),
    costNano: cost === null ? null : Math.round(cost * 1e9),
    priceKey: cost === null ? null : wordOf(data.price_key, 128),
    userHash: wordOf(data.user_hash, 64),
    ...begunFor(eventType, data),
  };
}
