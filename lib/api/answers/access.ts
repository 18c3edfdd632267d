import { z } from 'zod';

const text = z.string();
const nullableText = z.string().nullable();

/** Of a stored key of a provider: never the key. */
const storedKey = z.object({
  version: z.int(),
  hint: text.describe('its last four characters; empty where it is short'),
  sealed_with: text.describe('names the SLUICE_SECRET_KEY that sealed it'),
  created_at: text,
  created_by: nullableText,
  retired_at: nullableText,
});

export const providerKeys = z.object({
  provider: text,
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stored'), version: z.int() }),
    z.object({ kind: z.literal('environment'), variable: text }),
    z.object({ kind: z.literal('none'), variable: text }),
  ]),
  keys: z.array(storedKey),
});
export const providerKeyStored = z.object({ provider: text, version: z.int(), hint: text });

const callerKey = z.object({
  ...{ id: z.int(), hint: nullableText, created_at: text, created_by: nullableText },
  ...{ expires_at: nullableText, revoked_at: nullableText },
});
export const callers = z.object({
  callers: z.array(
    z.object({
      ...{ name: text, scopes: z.array(text), prefixes: z.array(text), rate_per_minute: z.int().nullable() },
      ...{ created_at: text, created_by: nullableText, keys: z.array(callerKey) },
    }),
  ),
});
export const callerKeyIssued = z.object({
  name: text,
  id: z.int().describe('of the key'),
  key: text.describe('answered this once'),
});
export const callerRevoked = z.object({ name: text, revoked: z.array(z.int()).describe('ids of keys') });
