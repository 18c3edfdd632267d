import { exactShare } from '@/lib/split/weights';

const example = '{"fal":0.9,"runware":0.1}';

/**
 * What can be said of weights without the database, in its words: it alone knows the providers and the policy, and it
 * judges again when it is there. Null when nothing is found.
 */
export function weightsFault(text: string): string | null {
  if ([...text].length > 4096) return `the weights are ${[...text].length} characters long; at most 4096 are allowed`;
  const shown = `'${[...text].slice(0, 64).join('').replaceAll("'", "''")}'`;
  let weights: unknown;
  try {
    weights = JSON.parse(text);
  } catch {
    return `${shown} is not JSON; write an object like ${example}`;
  }
  if (weights === null || typeof weights !== 'object' || Array.isArray(weights)) {
    return `${shown} is ${nounOf(weights)}; weights are an object like ${example}`;
  }
  const shares: [string, unknown][] = Object.entries(weights);
  if (shares.length === 0) return `the weights name no provider; write an object like ${example}`;
  for (const [name, share] of shares) {
    const value = JSON.stringify(share).slice(0, 64);
    if (typeof share !== 'number') {
      return `the weight of ${name} is ${value}, a ${typeOf(share)}; it must be a number from 0 to 1`;
    }
    if (!(share >= 0 && share <= 1)) return `the weight of ${name} is ${value}; it must be from 0 to 1`;
  }
  const billionths = shares.reduce(
    (total, [, share]) => total + (exactShare(JSON.stringify(share))?.billionths ?? 0),
    0,
  );
  if (Math.abs(billionths - 1e9) <= 1000) return null;
  return `the weights add up to ${(billionths / 1e9).toFixed(9).replace(/\.?0+$/, '')}; they must add up to 1`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function nounOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
