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
export function logGammaHalfStep(a: number): number {
  if (a < 50) return logGamma(a + 0.5) - logGamma(a);
  const x = 1 / a;
  return 0.5 * Math.log(a) - x / 8 + x ** 3 / 192 - x ** 5 / 640 + (17 * x ** 7) / 14336;
}

/** The continued fraction of the incomplete beta function, by Lentz's method. */
export function betaFraction(x: number, a: number, b: number): number {
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

/** The regularised incomplete beta function I_x(a, b), of any real a and b above 0. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGammaOf(a + b) - logGammaOf(a) - logGammaOf(b));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Stirling's series where it is exact to the last digits; below, the recurrence carries it there. */
function logGammaOf(x: number): number {
  let [shifted, product] = [x, 1];
  while (shifted < 12) product *= shifted++;
  const xx = shifted * shifted;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / xx) / xx) / xx) / shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** P[X ≥ hits] of n draws of chance p, carried on to numbers that are not whole: n that were discounted, exposures. */
export function betaTail(hits: number, n: number, p: number): number {
  if (hits <= 0) return 1;
  return hits > n ? 0 : incompleteBeta(p, hits, n - hits + 1);
}
