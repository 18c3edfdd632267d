import { z } from 'zod';
import { removed } from '@/lib/api/answers/registry';
import { ok } from '@/lib/doors/route';
import { judged, reason, shortText, shown } from '@/lib/http/body/read-fields';

// What a value must be to be asked about at all; whether it is good, the database says, as it does of raw SQL.

export const text = (description: string) => shortText(description).optional();

export const textOrNull = (description: string) =>
  judged<string | null>(
    (value) => (value === null || typeof value === 'string' ? null : `is ${shown(value)}; it must be text or null`),
    { type: ['string', 'null'], description },
  ).optional();

export const yesOrNo = (description: string) =>
  judged<boolean>((value) => (typeof value === 'boolean' ? null : `is ${shown(value)}; it must be true or false`), {
    type: 'boolean',
    description,
  }).optional();

/** The same, where there must be one. */
export const wholeRecord = (description: string) => recordOf(description);

/** An object whose members another part defines: only names that no object may have are refused. */
export const record = (description: string) => recordOf(description).optional();

const recordOf = (description: string) =>
  judged<Readonly<Record<string, unknown>>>(recordFault, {
    ...{ type: 'object', additionalProperties: true, description },
  });

function recordFault(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `is ${shown(value)}; it must be an object`;
  return hasProto(value) ? 'holds the key "__proto__", which is not taken' : null;
}

function hasProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto);
}

const lossyWords = ['pin', 'refuse', 'drop'] as const;
export const lossy = z
  .enum(lossyWords, { error: ({ input }) => `is ${shown(input)}; it must be pin, refuse or drop` })
  .default('pin')
  .describe('what becomes of a request that another arm can be told and this one cannot');
export const enabled = yesOrNo('false: as if it were not there').transform((value) => value ?? true);
export const sourceText = textOrNull('where id and parameters were read, and when').transform((value) => value ?? null);

export const arm = {
  provider: shortText('whom it sends to'),
  model: textOrNull('pinned: what a request says of it does not count; null: as the request says'),
  params: record('pinned beside the model'),
};

const names = { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 7 };
export const candidates = judged<readonly string[]>(
  (value) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string') ? null : 'must be a list of names',
  { ...names, description: 'arms that are rolled out' },
);

const strings = { type: 'array', items: { type: 'string' } };
export const match = judged<{ readonly prefixes?: readonly string[]; readonly models?: readonly string[] }>(
  recordFault,
  {
    type: 'object',
    properties: { prefixes: strings, models: strings },
    additionalProperties: false,
    description: 'what comes here unasked: paths such as /kling, models such as flux-*',
  },
).optional();

/** Why something is removed: a DELETE has no body. */
export const reasonInQuery = z.object({ reason });

export const removing = { ...ok(removed), ifMatch: 'optional', query: reasonInQuery, refusals: [409] } as const;
