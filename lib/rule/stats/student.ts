const lanczos = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

function logGamma(x: number): number {
  let sum = lanczos[0] ?? 0;
  for (let i = 1; i < lanczos.length; i++) sum += (lanczos[i] ?? 0) / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln Γ(a + ½) − ln Γ(a); the asymptotic series where the difference of two large numbers would lose digits. */
function logGammaHalfStep(a: number): number {
  if (a < 50) return logGamma(a + 0.5) - logGamma(a);
  const x = 1 / a;
  return 0.5 * Math.log(a) - x / 8 + x ** 3 / 192 - x ** 5 / 640 + (17 * x ** 7) / 14336;
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return result;
}

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
