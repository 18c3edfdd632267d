import { type EnvFault, envKeys, type Source } from './env';

/** Read by one process alone, or set by our own programs. */
const others = ['SLUICE_TICK_SECONDS', 'SLUICE_BUILD', 'SLUICE_NEW_SECRET_KEY'];
const known: ReadonlySet<string> = new Set([...envKeys, ...others]);
const meant = [...known].filter((name) => /^(?:SLUICE|FAL|RUNWARE|DATABASE)_/.test(name));

/** What the vendors' own pages and other programs call them. */
const otherNames: Readonly<Record<string, string>> = {
  FAL_API_KEY: 'FAL_KEY',
  FAL_AI_KEY: 'FAL_KEY',
  FAL_AI_API_KEY: 'FAL_KEY',
  FAL_TOKEN: 'FAL_KEY',
  RUNWARE_KEY: 'RUNWARE_API_KEY',
  RUNWARE_TOKEN: 'RUNWARE_API_KEY',
  RUNWARE_API_TOKEN: 'RUNWARE_API_KEY',
};

/** Variables that no program reads and that were surely meant for us: a wrong letter is silent otherwise. */
export function misspeltNames(source: Source): EnvFault[] {
  return Object.keys(source).flatMap((key) => {
    if (known.has(key) || source[key] === undefined) return [];
    const right = otherNames[key] ?? nearest(key);
    if (right === undefined || source[right] !== undefined) return [];
    return [{ key, sentence: `is not read by anything; ${right} is` }];
  });
}

function nearest(key: string): string | undefined {
  const bare = key.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const near = meant
    .map((name) => ({ name, steps: bare === name.replaceAll('_', '') ? 0 : distance(key.toUpperCase(), name) }))
    // A short name is near to many.
    .filter(({ name, steps }) => (name.length < 10 ? steps <= 1 && key.startsWith(name.slice(0, 2)) : steps <= 2))
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.name;
}

/** How many letters were forgotten, added, changed or swapped. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : change;
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, change, swap);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
