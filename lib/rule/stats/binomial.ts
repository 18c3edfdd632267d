/** ln n! minus Stirling's formula, for n = 0…15; beyond, the series below is exact to the last digit. */
const stirlingErrors = [
  0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.00833056343336287,
  0.007573675487951841, 0.00694284010720953, 0.006408994188004207, 0.005951370112758848, 0.005554733551962801,
];

function stirlingError(n: number): number {
  const known = stirlingErrors[n];
  if (known !== undefined) return known;
  const nn = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / nn) / nn) / nn) / nn) / n;
}

/** x ln(x/m) + m − x without cancellation where x is near m (Loader's deviance). */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let term = 2 * x * ratio;
  for (let j = 1; j < 1000; j++) {
    term *= ratio * ratio;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** ln P[X = k] for n draws of chance p. Exact to ~1e-14 where sums of ln-gamma lose 1e-8 at ten million. */
export function logBinomialPoint(k: number, n: number, p: number): number {
  if (p <= 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (p >= 1) return k === n ? 0 : Number.NEGATIVE_INFINITY;
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  const errors = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  const deviances = deviance(k, n * p) + deviance(n - k, n * (1 - p));
  return errors - deviances + 0.5 * Math.log(n / (2 * Math.PI * k * (n - k)));
}

/**
 * ln P[X ≥ k] for n draws of chance p. The sum starts at its largest term and each next one is a ratio away, so
 * nothing cancels; below the mean the other tail is summed and subtracted from 1.
 */
export function logBinomialTail(k: number, n: number, p: number): number {
  if (k <= 0) return 0;
  if (k > n || p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return 0;
  return k > n * p ? logUpper(k, n, p) : Math.log1p(-Math.exp(logUpper(n - k + 1, n, 1 - p)));
}

function logUpper(k: number, n: number, p: number): number {
  const odds = p / (1 - p);
  let sum = 1;
  let term = 1;
  for (let j = k; j < n; j++) {
    term *= ((n - j) / (j + 1)) * odds;
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return logBinomialPoint(k, n, p) + Math.log(sum);
}
