import { betaFraction, logGammaHalfStep } from './beta';

/** P[T ≥ t] of Student's distribution: half of the incomplete beta I_x(ν/2, ½) at x = ν / (ν + t²). */
export function studentTail(t: number, freedom: number): number {
  if (t <= 0) return t === 0 ? 0.5 : 1 - studentTail(-t, freedom);
  if (t === Number.POSITIVE_INFINITY) return 0;
  const a = freedom / 2;
  const y = (t * t) / (freedom + t * t);
  const logFront = a * Math.log1p(-y) + 0.5 * Math.log(y) + logGammaHalfStep(a) - 0.5 * Math.log(Math.PI);
  const front = Math.exp(logFront);
  if (1 - y < (a + 1) / (a + 2.5)) return (front * betaFraction(1 - y, a, 0.5)) / a / 2;
  return 0.5 - front * betaFraction(y, 0.5, a);
}
