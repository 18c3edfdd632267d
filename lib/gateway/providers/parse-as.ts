import type { z } from 'zod';

/** Some servers write numbers that JSON does not have; they stand for a value that is not known. */
const noNumber = /([:[,]\s*)[+-]?(?:NaN|Infinity)(?=\s*[,}\]])/g;

/** The text as the schema wants it; null when it is not JSON or not of that shape. */
export function parseAs<T>(schema: z.ZodType<T>, text: string): T | null {
  const parsed = schema.safeParse(parse(text) ?? parse(text.replace(noNumber, '$1null')));
  return parsed.success ? parsed.data : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
