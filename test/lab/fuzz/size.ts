import fc from 'fast-check';

/**
 * How much to try. `npm run fuzz` sets these; a failing run prints its seed and path, which replay it:
 * SLUICE_FUZZ_SEED=… SLUICE_FUZZ_PATH=… npx vitest run …
 */
const given = process.env;

export const seed = Number(given.SLUICE_FUZZ_SEED ?? 20_261_121);

/** Requests over HTTP; texts for each parser. */
export const requests = Number(given.SLUICE_FUZZ_REQUESTS ?? 1500);
export const texts = Number(given.SLUICE_FUZZ_TEXTS ?? 400);

/** A test may take as long as its size needs on a busy machine. */
export const withinMs = 20_000 + 200 * texts + 50 * requests;

/** The first failure is told, not made small: every try is an input somebody may send. */
export const tries = <T>(numRuns: number): fc.Parameters<T> => ({
  numRuns,
  seed,
  endOnFailure: true,
  reporter: tell<T>,
  ...(given.SLUICE_FUZZ_PATH ? { path: given.SLUICE_FUZZ_PATH } : {}),
});

function tell<T>(run: fc.RunDetails<T>): void {
  if (!run.failed) return;
  const replay = `SLUICE_FUZZ_SEED=${run.seed} SLUICE_FUZZ_PATH=${run.counterexamplePath}`;
  const input = fc.stringify(run.counterexample).slice(0, 1500);
  throw new Error(`Failed at try ${run.numRuns}; ${replay} replays it.\n${input}\n${run.errorInstance}`, {
    cause: run.errorInstance,
  });
}
