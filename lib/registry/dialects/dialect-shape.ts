import { z } from 'zod';
import {
  asking,
  fields,
  freeQuestion,
  list,
  method,
  oneOf,
  pathPattern,
  pointer,
  query,
  text,
  usualHeaders,
  wholeMs,
} from './dialect-parts';

const phases = ['queued', 'running', 'completed', 'failed', 'cancelled', 'absent'] as const;

const where = fields({ at: pointer, is: list(text(128), 32).min(1, 'must name a word') })
  .optional()
  .describe('One of these words stands in its body.');
const request = { method, path: pathPattern, query, where };

const create = fields({
  ...request,
  id: list(pointer, 8).min(1, 'must say where the answer names the job').describe('The first that is there.'),
  model: text(256).optional().describe('Its model, where the path says it: {owner}/{app}.'),
  keep: z.record(z.string().regex(/^[a-z_]{1,32}$/, 'must be small letters or "_"'), pointer).optional(),
  follow: asking.describe('How the job is asked for without its caller; {id} is its id.'),
  cancel: asking.optional(),
});

const idAt = z.discriminatedUnion(
  'in',
  [
    fields({ in: z.literal('path'), name: text(32) }),
    fields({ in: z.literal('query'), name: text(64) }),
    fields({ in: z.literal('body'), at: list(pointer, 8).min(1, 'must say where the body names the job') }),
  ],
  { error: 'must be {in: path, name}, {in: query, name} or {in: body, at}' },
);
const poll = fields({
  ...request,
  does: oneOf(['status', 'result', 'cancel', 'other']),
  idAt,
  makes: list(pointer, 8).optional().describe('Its answer names a further job, there.'),
});

const scalarRule = 'must be a text of at most 128 characters or a number';
const scalar = z.union([z.string().max(128), z.number()], { error: scalarRule });
const words = z
  .record(z.string().regex(/^[^\p{Lu}\p{C}]{1,64}$/u, 'must be a word in small letters'), oneOf(phases))
  .refine((all) => Object.values(all).includes('completed'), 'must have a word for completed')
  .describe('In small letters; a word that is not here says nothing.');

const reading = fields({
  task: list(pointer, 8).min(1, 'must say where the task stands; "" is the whole answer').default(['']),
  id: list(pointer, 8).min(1, 'must say where the task names itself'),
  state: list(pointer, 8).min(1, 'must say where the state stands'),
  words,
  isOk: fields({ at: pointer, is: list(scalar, 16) }).optional(),
  notYet: fields({ at: list(pointer, 8), is: list(z.string().max(128), 16) }).optional(),
  failed: fields({ at: pointer, is: list(scalar, 64) }).optional(),
  failures: pointer.optional(),
  error: list(pointer, 8).default([]),
  failedIf: pointer.optional(),
  progress: pointer.optional(),
  cost: fields({ at: list(pointer, 8), usdPer: z.number().min(0).max(1000).nullable() }).optional(),
  outputs: list(pointer, 16).default([]),
  kind: oneOf(['video', 'image', 'audio', 'file']).default('file'),
});

const usualPace = { firstMs: 10_000, floorMs: 5000, mostMs: 30_000, ageLimitMs: 7_200_000 };
const pace = fields({
  firstMs: wholeMs(1000, 3_600_000).default(usualPace.firstMs),
  floorMs: wholeMs(1000, 3_600_000).default(usualPace.floorMs),
  mostMs: wholeMs(1000, 3_600_000).default(usualPace.mostMs),
  ageLimitMs: wholeMs(60_000, 604_800_000).default(usualPace.ageLimitMs),
});

const error = fields({
  body: z.record(z.string(), z.unknown(), { error: 'must be an object that {sentence} stands in' }),
  by: z
    .record(
      z.string().regex(/^[a-z_]{1,32}$/, 'must be small letters or "_"'),
      z.record(z.string().regex(/^(?:[45]\d\d|[45]xx)$/, 'must be a status such as 404, 4xx or 5xx'), scalar),
    )
    .optional(),
})
  .refine(({ body }) => JSON.stringify(body).includes('{sentence}'), {
    path: ['body'],
    message: 'must hold {sentence} somewhere: what was not done, and why',
  })
  .default({ body: { error: { message: '{sentence}', code: '{code}' } } });

/** The database keeps 32 kB, and spaces it out. */
const mostBytes = 24_576;

/** What a row of `sluice.dialects` may say; what it leaves out is as usual. */
export const dialectShape = fields({
  creates: list(create, 64).min(1, 'must name what begins a job; where nothing does, the dialect is generic'),
  polls: list(poll, 64).default([]),
  lists: list(fields(request), 32).default([]),
  reading,
  modelAt: list(pointer, 8).default([]),
  headers: usualHeaders.optional(),
  pace: pace.prefault({}),
  free: list(freeQuestion, 8).default([]),
  error,
})
  .refine(
    (rules) => Buffer.byteLength(JSON.stringify(rules)) <= mostBytes,
    `must be at most ${mostBytes} bytes of JSON`,
  )
  .describe(
    'creates, polls, lists, reading, modelAt, headers, pace, free, error: as sluice dialects show prints those that ship.',
  );
