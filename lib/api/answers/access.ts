import { z } from 'zod';
import { nullableText } from './nullable';

const text = z.string();

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
const quota = z.looseObject({
  jobs: z
    .looseObject({
      spend_per_day_usd: z.number().optional(),
      creates_per_day: z.int().optional(),
      in_flight: z.int().optional(),
    })
    .optional(),
});
const spending = z.object({
  begun: z.int().describe('jobs begun today, by UTC'),
  spent_usd: z.number(),
  unknown_usd: z.number().describe('may have been charged'),
  held_usd: z.number().describe('by jobs of today that run still'),
  in_flight: z.int().describe('jobs that have not ended, whenever begun'),
});
const spentToday = { day: text.describe('of UTC'), quota, today: spending };
export const quotaAnswer = z.object({ caller: text, ...spentToday });
export const splitQuota = z.object({ split: text, ...spentToday });

export const callers = z.object({
  callers: z.array(
    z.object({
      ...{
        name: text,
        scopes: z.array(text),
        prefixes: z.array(text),
        models: z.array(text),
        rate_per_minute: z.int().nullable(),
      },
      ...{ quota, today: spending },
      ...{ created_at: text, created_by: nullableText, keys: z.array(callerKey) },
    }),
  ),
});
export const callerKeyIssued = z.object({
  name: text,
  id: z.int().describe('of the key'),
  key: text.describe('answered this once'),
});
export const callerRelays = z.object({ name: text, prefixes: z.array(text) });
export const callerLimited = z.object({ name: text, quota });
/** What was changed. */
export const callerChanged = z.object({
  name: text,
  scopes: z.array(text).optional(),
  prefixes: z.array(text).optional(),
  models: z.array(text).optional(),
  rate_per_minute: z.int().nullable().optional(),
  quota: quota.optional(),
});
export const callerAllowed = z.object({ name: text, models: z.array(text) });
export const callerRevoked = z.object({ name: text, revoked: z.array(z.int()).describe('ids of keys') });
