import { z } from 'zod';
import {
  type ComparisonItem,
  type ComparisonMade,
  type ComparisonPrice,
  type ComparisonsView,
  comparisonChoices,
} from '../comparisons-view';
import { nullableText } from './nullable';

const text = z.string();
const usd = z.number().nullable().describe('US dollars; null: not known');

const side = z
  .looseObject({
    ...{ ok: z.boolean(), arm: nullableText, provider: nullableText, model: nullableText, request_id: nullableText },
    ...{ latency_ms: z.number().nullable(), cost_usd: usd, error_kind: nullableText, error: nullableText },
  })
  .describe('of a blind one nothing that tells whose it is, before a vote');

export const comparison = z.looseObject({
  id: z.int(),
  at: text,
  by: text,
  model: text.describe('as it was asked for'),
  prompt_hash: text.describe('sha256, as hex; the prompt is not kept'),
  blind: z.boolean(),
  told: z.boolean().describe('which side was whose'),
  cost_usd: usd,
  sides: z.looseObject({ left: side, right: side }),
  votes: z.array(
    z.looseObject({
      ...{ by: text, at: text, choice: z.enum(comparisonChoices), reason: nullableText },
      arm: nullableText.describe('whom it was for; null: neither'),
    }),
  ),
}) satisfies z.ZodType<ComparisonItem>;

const images = z.array(
  z.looseObject({
    url: text,
    width: z.number().nullable(),
    height: z.number().nullable(),
    content_type: nullableText,
  }),
);

export const comparisonMade = comparison.extend({
  images: z.looseObject({ left: images, right: images }).describe('here and nowhere else: they are not kept'),
}) satisfies z.ZodType<ComparisonMade>;

export const comparisonPrice = z.looseObject({
  cost_usd: usd,
  arms: z.array(
    z.looseObject({
      ...{ arm: text, provider: text, cost_usd: usd },
      basis: z.enum(['price_list', 'lately', 'unknown']).describe('lately: what the arm asked when no list says it'),
    }),
  ),
}) satisfies z.ZodType<ComparisonPrice>;

export const comparisons = z.looseObject({
  comparisons: z.array(comparison),
  votes: z.looseObject({ arms: z.record(text, z.int()), neither: z.int() }),
  kind: z.enum(['image', 'job', 'relay', 'assign']).describe('of the split: only images can be compared'),
  baseline: nullableText,
  candidates: z.array(text),
  models: z.array(text).describe('what both sides can make of a prompt alone'),
}) satisfies z.ZodType<ComparisonsView>;
