/** Which cap of the registry forbids another job, as sluice.begin_jobs says it. */
export interface Breach {
  readonly of: 'caller' | 'split';
  /** A split by its slug. */
  readonly name: string;
  readonly cap: 'spend_per_day_usd' | 'creates_per_day' | 'in_flight';
  readonly used: number;
  /** What this job would add. */
  readonly needs: number;
  readonly limit: number;
  readonly retry_after_s: number;
}

/** No job was begun, and no provider was called. */
export class OverQuota extends Error {
  override readonly name = 'OverQuota';

  constructor(readonly breach: Breach) {
    super(sentenceOf(breach));
  }
}

/** By name: the front and Next hold separate copies of each module. */
export function isOverQuota(error: unknown): error is OverQuota {
  return error instanceof Error && error.name === 'OverQuota';
}

/** An arm that costs more than a cap leaves is not called; any other error is thrown on. */
export function barredBy(error: unknown): string {
  if (isOverQuota(error)) return `not called: ${error.message}`;
  throw error;
}

function sentenceOf({ of, name, cap, used, needs, limit }: Breach): string {
  const whose = `the ${of} ${name}`;
  if (cap === 'in_flight') return `${whose} has ${used} jobs in flight, and may have ${limit}; one must end first`;
  if (cap === 'creates_per_day') {
    return `${whose} has begun ${used} jobs today, and may begin ${limit} a day; the day turns at midnight UTC`;
  }
  const wants = needs > 0 ? `, and this job may cost ${usd(needs)}` : '';
  return `${whose} has ${usd(used)} spent or held of ${usd(limit)} a day${wants}; the day turns at midnight UTC`;
}

const usd = (amount: number) => `${Number(amount.toFixed(4))} USD`;
