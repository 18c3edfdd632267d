import { BadEnvironment, type Env, type EnvFault, parseEnv, type Source } from './env';

/** The environment without what is wrong in it, so that one bad key does not hide every other trouble. */
export function whatHolds(source: Source): { env: Env; faults: readonly EnvFault[] } {
  try {
    return { env: parseEnv(source), faults: [] };
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error;
    const bad = new Set(error.faults.map(({ key }) => key));
    const rest = Object.entries(source).filter(([key]) => !bad.has(key));
    // Keys that are wrong only together with others: the safe values of a start on this machine.
    const safe = bad.has('SLUICE_API_KEYS') ? { HOST: '127.0.0.1', VERCEL: undefined } : {};
    return { env: parseEnv({ ...Object.fromEntries(rest), ...safe }), faults: error.faults };
  }
}
