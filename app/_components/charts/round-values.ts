const mostSteps = 5;

/** From 0 to the highest or a little above it, in steps that are said in one breath; null where all is 0. */
export function roundValues(highest: number): readonly number[] | null {
  if (!(highest > 0)) return null;
  const size = 10 ** Math.floor(Math.log10(highest / mostSteps));
  const step = size * ([1, 2, 2.5, 5, 10].find((each) => highest / (each * size) <= mostSteps + 1e-9) ?? 10);
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
