import type { z } from 'zod';

/** The text as the schema wants it; null when it is not JSON or not of that shape. */
export function parseAs<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
