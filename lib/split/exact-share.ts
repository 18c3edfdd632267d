/** A share exactly as it is written, by the rules of SQL's numeric: a double would round it first. */
export interface ExactShare {
  readonly isInRange: boolean;
  /** Rounded half up at the ninth decimal, as `round(n, 9)`. */
  readonly billionths: number;
}

const shape = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
const places = 9;
/** Beyond so many zeros behind the point nothing is left of it. */
const vanishing = 40;

/** null: the literal is no decimal number. */
export function exactShare(literal: string): ExactShare | null {
  const [, sign = '', whole = '', part = '', exponent = '0'] = shape.exec(literal) ?? [];
  if (whole === '') return null;
  const digits = `${whole}${part}`.replace(/^0+/, '');
  if (digits === '') return { isInRange: true, billionths: 0 };
  /** The number is digits × 10^-scale. */
  const scale = part.length - Number(exponent);
  const leading = digits.length - scale;
  if (sign === '-' || leading > 1) return { isInRange: false, billionths: 0 };
  if (leading < -vanishing) return { isInRange: true, billionths: 0 };
  const value = BigInt(digits);
  const isAtMostOne = scale <= 0 ? value * 10n ** BigInt(-scale) <= 1n : value <= 10n ** BigInt(scale);
  return { isInRange: isAtMostOne, billionths: Number(roundedAt(value, scale)) };
}

function roundedAt(value: bigint, scale: number): bigint {
  if (scale <= places) return value * 10n ** BigInt(places - scale);
  const unit = 10n ** BigInt(scale - places);
  return (value + unit / 2n) / unit;
}

/** What shares that were numbers already add up to, in units of 1e-18: those of a policy are not rounded one by one. */
export function exactSum(shares: readonly number[]): bigint {
  return shares.reduce((total, share) => {
    const [mantissa = '0', exponent = '0'] = share.toExponential().split('e');
    const [whole = '0', part = ''] = mantissa.split('.');
    const places18 = 18 + Number(exponent) - part.length;
    const digits = BigInt(`${whole}${part}`);
    return total + (places18 >= 0 ? digits * 10n ** BigInt(places18) : digits / 10n ** BigInt(-places18));
  }, 0n);
}
