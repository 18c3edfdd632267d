import { z } from 'zod';
import type { ArmView, ModelView, ProviderEntryView, ProviderTestView, SplitItem, SplitsView } from '../splits-view';
import { metric } from './control-plane';
import { nullableText } from './nullable';

const text = z.string();
const record = z.record(text, z.unknown());
const shares = z.record(text, z.number());
const kind = z.enum(['image', 'job', 'relay', 'assign']);

const imageHours = z
  .int()
  .nullable()
  .describe('its events keep where images lie; null: as SLUICE_EVENT_IMAGE_HOURS says');

const item = z.looseObject({
  slug: text,
  key: text,
  kind,
  label: text,
  prefixes: z.array(text),
  is_default: z.boolean(),
  archived_at: nullableText,
  version: z.int().nullable(),
  weights: shares.nullable(),
  stage: nullableText,
  without: z.array(text),
  baseline: nullableText,
  candidate_share: z.number().nullable(),
  worst: nullableText,
  worst_line: z
    .looseObject({
      arm: text,
      metric,
      value: z.number().nullable(),
      limit: z.number().nullable(),
      over_since: nullableText.describe('null: it is not over, or has been for its whole hold or longer'),
      acts_at: nullableText,
    })
    .nullable(),
  error: nullableText,
  next: nullableText,
  eligible_at: nullableText,
  since: nullableText,
  by: nullableText,
  paused: z.boolean(),
  paused_by: nullableText,
  pause_reason: nullableText,
  rolled_back: z.boolean(),
  rearmed_by: nullableText.describe('who let it begin again, while it has not'),
  shares: z.array(z.looseObject({ at: text, share: z.number() })),
  per_minute: z.number(),
  image_hours: imageHours,
}) satisfies z.ZodType<SplitItem>;

export const splits = z.looseObject({
  now: text,
  version: z.int(),
  splits: z.array(item),
}) satisfies z.ZodType<SplitsView>;

export const splitMade = z.looseObject({ slug: text, key: text, version: z.int(), weights: shares });

/** A change of the registry: the registry's version after it, and what it is about. */
const changed = { registry_version: z.int() };
export const splitChanged = z.looseObject({
  ...{ slug: text, key: text, kind, label: text, is_default: z.boolean(), archived: z.boolean() },
  ...{ match: z.looseObject({ prefixes: z.array(text).optional(), models: z.array(text).optional() }) },
  quota: z.looseObject({ jobs: z.record(text, z.number()).optional() }),
  image_hours: imageHours,
  ...changed,
});

export const arm = z.looseObject({
  ...{ name: text, provider: text, model: nullableText, params: record },
}) satisfies z.ZodType<ArmView>;
export const arms = z.looseObject({ split: text, arms: z.array(arm) });
export const armChanged = arm.extend(changed);

export const provider = z.looseObject({
  name: text,
  adapter: nullableText,
  label: text,
  base_url: nullableText,
  options: record,
  state: z.enum(['active', 'draining', 'off']),
  deprecated: z.boolean(),
  arms: z.array(z.object({ split: text, name: text })),
}) satisfies z.ZodType<ProviderEntryView>;
export const providers = z.looseObject({ version: z.int(), providers: z.array(provider) });
export const providerChanged = provider.extend(changed);

const testAsked = z.union([
  z.object({ kind: z.literal('image'), model: text, size: text }),
  z.object({ kind: z.literal('question') }),
]);
export const providerTestPlan = z.object({ provider: text, asked: testAsked, cost_usd: z.number().nullable() });
export const providerTest = z.object({
  ...{ provider: text, asked: testAsked, ok: z.boolean(), latency_ms: z.number(), cost_usd: z.number().nullable() },
  ...{ error_kind: nullableText, error: nullableText.describe("in the provider's words") },
  journaled: z.boolean().describe('false: the store went away meanwhile; the log of the process has it'),
}) satisfies z.ZodType<ProviderTestView>;

export const model = z.looseObject({
  ...{ alias: text, provider: text, provider_model: text, price: record.nullable(), params: record },
  ...{
    fixed: record,
    lossy: z.enum(['pin', 'refuse', 'drop']),
    enabled: z.boolean(),
    source: nullableText,
    shipped: z.boolean(),
  },
}) satisfies z.ZodType<ModelView>;
export const models = z.looseObject({ version: z.int(), models: z.array(model) });
export const modelChanged = model.extend(changed);

export const dialect = z.looseObject({
  name: text,
  shipped: z.boolean().describe('it came with Sluice, and stays as it is'),
  rules: record,
  providers: z.array(text).describe('who speaks it'),
});
export const dialects = z.looseObject({ version: z.int(), dialects: z.array(dialect) });
export const dialectChanged = dialect.extend(changed);

export const shape = z.looseObject({
  split: text,
  dialect: text,
  baseline: text,
  asked: z.array(text).describe('what was put to each arm; empty: the dialect has no question that costs nothing'),
  differences: z.array(text).describe('what callers would see change, in sentences'),
  troubles: z.array(text).describe('what kept an arm from being compared'),
});

export const removed = z.looseObject({ removed: text, ...changed });
